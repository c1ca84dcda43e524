import { FunctionError } from '@tradewind/core';
import { type Awaitable, describe, misconfigured, mustBePositive, report } from '@tradewind/core/adapter';
import type { Around } from './around.js';
import type { Terms } from './claim.js';
import { canonical, digest } from './digest.js';
import type { StoreOption } from './options.js';
import type { IdempotencyStore } from './store.js';

const DEFAULT_GRACE = 1_000;

/** Checks what every use of the protocol is given, and completes it. */
export function termsOf(
  options: { readonly retention?: number; readonly lease?: number; readonly grace?: number },
  retention: number,
): Terms {
  mustBePositive(options.retention, 'retention of an idempotency key');
  mustBePositive(options.lease, 'lease of an idempotency key');
  mustBePositive(options.grace, 'grace of an idempotency key');
  return { retention: options.retention ?? retention, lease: options.lease, grace: options.grace ?? DEFAULT_GRACE };
}

/** Checks the store, which JavaScript may have left out. */
export function mustBeStore(store: unknown): void {
  if (typeof store === 'function' || typeof (store as Partial<IdempotencyStore> | undefined)?.claim === 'function')
    return;
  throw misconfigured(
    `The store of an idempotency key is ${describe(store)}: memoryStore(), redisStore(...) or another store is expected, or a function of the context that gives one.`,
  );
}

const cautioned = new WeakSet<IdempotencyStore>();

/** The store of an invocation; where it has a caution, that is said once. */
export function storeFor<Ctx>(option: StoreOption<Ctx>, context: Ctx, { log, platform }: Around): IdempotencyStore {
  const store = typeof option === 'function' ? option(context) : option;
  if (store.caution !== undefined && platform !== 'test' && !cautioned.has(store)) {
    cautioned.add(store);
    report(log, 'warn', store.caution);
  }
  return store;
}

/** The name of some work in a store: neither the user's key nor its length can be read there. */
export function named(...parts: readonly string[]): Awaitable<string> {
  return digest(JSON.stringify(parts));
}

/** @throws FunctionError `internal` for what names nothing: two things would have one name. */
export function mustName(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new FunctionError(
    'internal',
    `The ${what} of an idempotency key is ${value === '' ? 'empty' : describe(value)}, and a text is expected.`,
  );
}

/** What a user's function chose to compare. */
export function chosen<Event>(fingerprint: false | ((event: Event) => unknown), event: Event): Awaitable<string> {
  return fingerprint ? digest(canonical(fingerprint(event))) : '';
}
