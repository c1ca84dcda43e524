import './spans.ts';

export { handler } from '../../examples/orders/deploy/lambda/http.ts';
