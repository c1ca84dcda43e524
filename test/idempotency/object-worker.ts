/** Runs inside workerd: the store's conformance cases, and a function, over real Durable Objects. */
import { cloudflare } from '@tradewind/adapters/cloudflare';
import { defineFunction, http } from '@tradewind/core';
import { idempotency, idempotencyKeyHeader } from '@tradewind/idempotency';
import { conformance } from '@tradewind/idempotency/conformance';
import { durableObjectStore, type IdempotencyNamespace } from '@tradewind/idempotency/durable-object';
import { z } from 'zod';

export { IdempotencyObject } from '@tradewind/idempotency/durable-object';

const fn = defineFunction.env(z.object({ IDEMPOTENCY: z.custom<IdempotencyNamespace>() }));
let runs = 0;

export default cloudflare(
  fn('names', http({ method: 'GET', path: '/cases' })).handle((_event, { env }) =>
    conformance({ store: () => durableObjectStore(env.IDEMPOTENCY) }).map(({ name }) => name),
  ),
  fn('case', http({ method: 'GET', path: '/cases/:index' })).handle(async ({ params }, { env }) => {
    const cases = conformance({ store: () => durableObjectStore(env.IDEMPOTENCY) });
    try {
      await cases[Number(params.index)]?.run();
      return 'passed';
    } catch (error) {
      return String(error);
    }
  }),
  // Passes on unchanged what the tests send from outside.
  fn('object', http({ method: 'POST', path: '/objects/:name' })).handle(({ params, body }, { env }) => {
    const object = env.IDEMPOTENCY.get(env.IDEMPOTENCY.idFromName(params.name));
    return object.fetch('https://idempotency/', { method: 'POST', body: new TextDecoder().decode(body as Uint8Array) });
  }),
  fn('place', http({ method: 'POST', path: '/place' }))
    .use(
      idempotency({
        store: ({ env }) => durableObjectStore(env.IDEMPOTENCY),
        key: idempotencyKeyHeader(),
        scope: 'global',
      }),
    )
    .handle((_event, { idempotency: { attempt, claim } }) => ({ run: ++runs, attempt, claim })),
);
