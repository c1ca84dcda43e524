/** Runs inside workerd, with `nodejs_compat`: a key and a circuit in Redis, with a client per request. */
import { cloudflare } from '@tradewind/adapters/cloudflare';
import { defineFunction, http, json } from '@tradewind/core';
import { idempotency, idempotencyKeyHeader } from '@tradewind/idempotency';
import { redisStore } from '@tradewind/idempotency/redis';
import { circuitBreaker, resilience } from '@tradewind/resilience';
import { redisBreakerStore } from '@tradewind/resilience/redis';
import { Redis } from 'ioredis';
import { z } from 'zod';

const fn = defineFunction.env(z.object({ REDIS_PORT: z.coerce.number() }));
const client = (port: number) => new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: 1 });
let runs = 0;

const place = fn('place', http({ method: 'POST', path: '/orders' }))
  .use(
    idempotency({
      store: ({ env }) => redisStore(client(env.REDIS_PORT)),
      key: idempotencyKeyHeader(),
      scope: 'global',
    }),
  )
  .handle(() => {
    runs += 1;
    return json(202, { runs });
  });

const pay = circuitBreaker({
  name: 'pay',
  window: { ms: 10_000, minimum: 2 },
  store: ({ env }) => redisBreakerStore(client(env.REDIS_PORT)),
});
const charge = fn('charge', http({ method: 'GET', path: '/charge' }))
  .use(resilience(pay))
  .handle(() => {
    throw new Error('The bank is down.');
  });

export default cloudflare(place, charge);
