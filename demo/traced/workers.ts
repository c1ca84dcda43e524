import './spans.ts';

export { default, IdempotencyObject } from '../../examples/orders/deploy/cloudflare/worker.ts';
