// Idempotency, resilience and telemetry.
import { defineFunction, http, queue } from '@tradewind/core';
import { idempotency, idempotencyKeyHeader, idempotent, memoryStore } from '@tradewind/idempotency';
import { circuitBreaker, compose, fallback, hedge, resilience, retry, timeout } from '@tradewind/resilience';
import { flushOnEnd, metrics, tracing } from '@tradewind/telemetry';
import { jsonLogger } from '@tradewind/telemetry/logging';
import { Order } from './functions.js';

const post = defineFunction('post', http({ method: 'POST', path: '/', body: Order }));
const one = defineFunction('one', queue({ queue: 'orders', data: Order }));
const store = memoryStore();

one.use(
  idempotency({
    store,
    // error: 'wait' does not exist
    wait: 1_000,
  }),
);
one.use(
  idempotency({
    store,
    // error: 'scope' does not exist
    scope: 'global',
  }),
);
// error: 'scope' is missing
post.use(idempotency({ store, key: idempotencyKeyHeader() }));
// error: 'key' is missing
post.use(idempotency({ store, scope: 'global' }));
// error: 'store' is missing
one.use(idempotency({}));
// error: Property 'orderID' does not exist
one.use(idempotency({ store, key: ({ data }) => data.orderID }));
// error: 'number' is not assignable to type 'string'
one.use(idempotency({ store, key: ({ data }) => data.qty }));
// error: not assignable
one.use(idempotency({ store, key: idempotencyKeyHeader() }));
one.use(idempotency({ store })).handle((_event, { idempotency }) => {
  // error: Property 'fences' does not exist
  return idempotency.fences;
});
// error: Property 'idempotency' does not exist
one.handle((_event, { idempotency }) => idempotency.fence);
// error: The context already has 'idempotency'
one.use(idempotency({ store })).use(idempotency({ store }));
// error: Property 'name' is missing
idempotent(async (id: string) => id, { store, key: (id) => id });

// error: 'retries' does not exist
retry({ retries: 3 });
// error: Expected 1 arguments
timeout();
// error: 'idempotent' is missing
hedge({ after: 100 });
// error: 'name' is missing
circuitBreaker({ failures: 5 });
// error: is missing the following properties from type 'Policy
compose(retry, timeout(1_000));
// error: 'Policy<string>' is not assignable to parameter of type 'Policy<never>'
resilience(fallback(() => 'cached'));
// error: is not assignable to parameter of type 'AbortSignal | CallContext | undefined'
retry()(() => 1, 5_000);

// error: 'providers' does not exist
tracing({ providers: undefined });
// error: 'flush' does not exist
flushOnEnd({ flush() {} });
// error: The context already has 'span'
one.use(tracing()).use(tracing());
// error: 'span' is possibly 'undefined'
one.use(tracing()).handle((_event, { span }) => span.end());
// error: 'providers' does not exist
metrics({ providers: undefined });
// error: "verbose"
jsonLogger({ level: 'verbose' });
// error: is not assignable to parameter of type 'Layer<
one.use(tracing);
