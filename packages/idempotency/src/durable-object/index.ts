/**
 * Idempotency records in Cloudflare's Durable Objects, one object per key.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import type { ClaimAnswer, IdempotencyStore } from '../store.js';
import type { ObjectRequest } from './object.js';

export { IdempotencyObject, type IdempotencyObjectState } from './object.js';

/** The part of a Durable Object binding that is used. */
export interface IdempotencyNamespace<Id = unknown> {
  idFromName(name: string): Id;
  get(id: Id): { fetch(url: string, init: { method: string; body: string }): Promise<Response> };
}

const ONE_MEBIBYTE = 1_048_576;

/**
 * Stores records in Durable Objects: the store for Workers, where nothing else is strongly consistent (KV has no
 * compare-and-set). An object lives in one place, so each call includes the trip there. Each operation is one request.
 * An object deletes itself when its retention is over.
 *
 * Export the class {@link IdempotencyObject} from the Worker and bind it, as an SQLite-backed class.
 *
 * @throws FunctionError `misconfigured` if `namespace` is not such a binding.
 * @example
 * ```ts
 * // worker.ts; in wrangler.jsonc
 * //   "durable_objects": { "bindings": [{ "name": "IDEMPOTENCY", "class_name": "IdempotencyObject" }] },
 * //   "migrations": [{ "tag": "v1", "new_sqlite_classes": ["IdempotencyObject"] }]
 * import { cloudflare } from '@tradewind/adapters/cloudflare';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { idempotency } from '@tradewind/idempotency';
 * import { durableObjectStore, type IdempotencyNamespace } from '@tradewind/idempotency/durable-object';
 * import { z } from 'zod';
 *
 * const fn = defineFunction.env(z.object({ IDEMPOTENCY: z.custom<IdempotencyNamespace>() }));
 * const charge = fn('charge', queue({ queue: 'orders' }))
 *   .use(idempotency({ store: ({ env }) => durableObjectStore(env.IDEMPOTENCY) }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 *
 * export { IdempotencyObject } from '@tradewind/idempotency/durable-object';
 * export default cloudflare(charge);
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: an id is the platform's own thing
export function durableObjectStore(namespace: IdempotencyNamespace<any>): IdempotencyStore {
  if (typeof namespace?.idFromName !== 'function') {
    throw misconfigured(
      `durableObjectStore(...): the binding of the Durable Object is missing or is of another kind; got ${describe(namespace)}. Export IdempotencyObject from the Worker, add it to \`durable_objects.bindings\` and \`migrations\` of the wrangler configuration, and pass env.<its name>.`,
    );
  }
  const ask = async <T>(key: string, request: ObjectRequest): Promise<T> => {
    const object = namespace.get(namespace.idFromName(key));
    const response = await object.fetch('https://idempotency/', { method: 'POST', body: JSON.stringify(request) });
    if (response.status === 200) return (await response.json()) as T;
    // An unread body would keep the connection open.
    await response.body?.cancel();
    throw new FunctionError(
      'unavailable',
      `The Durable Object answered ${response.status}. Export IdempotencyObject from the Worker, and bind it.`,
    );
  };
  return {
    maxValue: ONE_MEBIBYTE,
    claim: (key, { lease, retain, ...claim }) =>
      ask<ClaimAnswer>(key, { op: 'claim', ...claim, lease: wholeMs(lease, 0), retain: wholeMs(retain, 1) }),
    complete: ({ key, owner }, { state, value }, retain) =>
      ask(key, { op: 'complete', owner, outcome: { state, value }, retain: wholeMs(retain, 1) }),
    release: ({ key, owner }) => ask(key, { op: 'release', owner }),
    extend: ({ key, owner }, lease) => ask(key, { op: 'extend', owner, lease: wholeMs(lease, 0) }),
  };
}
