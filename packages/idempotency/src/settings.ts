import { FunctionError } from '@tradewind/core';
import {
  type Awaitable,
  andThen,
  checkOptions,
  describe,
  isThenable,
  misconfigured,
  mustBe,
  mustBePositive,
  report,
} from '@tradewind/core/adapter';
import type { Around } from './around.js';
import type { Terms } from './claim.js';
import { canonical, digest } from './digest.js';
import type { StoreOption } from './options.js';
import type { IdempotencyStore } from './store.js';

const DEFAULT_GRACE = 1_000;

/** The options, unchecked: JavaScript callers may pass anything. */
interface Unchecked {
  readonly store?: unknown;
  readonly key?: unknown;
  readonly scope?: unknown;
  readonly fingerprint?: unknown;
  readonly wait?: unknown;
  readonly failOpen?: unknown;
  readonly onTakeover?: unknown;
  readonly retention?: number;
  readonly lease?: number;
  readonly grace?: number;
}

const NAMES = 'store key fingerprint retention lease grace wait failOpen onTakeover'.split(' ');

/**
 * @param more - further options of this function.
 * @throws FunctionError `misconfigured` if an option is invalid.
 */
export function checkSettings(name: string, options: Unchecked, more: readonly string[]): void {
  checkOptions(name, options, [...more, ...NAMES]);
  const { store, key, scope, fingerprint, wait, failOpen, onTakeover } = options;
  if (typeof store !== 'function') mustBeStore(store);
  if (key !== undefined) mustBe('function', key, `${name}(...): \`key\``);
  if (scope !== 'global' && scope !== undefined) mustBe('function', scope, `${name}(...): \`scope\`, if not 'global',`);
  if (fingerprint) mustBe('function', fingerprint, `${name}(...): \`fingerprint\`, if not false,`);
  if (onTakeover !== undefined && onTakeover !== 'rerun' && onTakeover !== 'refuse') {
    mustBe('function', onTakeover, `${name}(...): \`onTakeover\`, if not 'rerun' or 'refuse',`);
  }
  if (failOpen !== undefined && typeof failOpen !== 'boolean') {
    throw misconfigured(`${name}(...): \`failOpen\` must be true or false; got ${describe(failOpen)}.`);
  }
  if (wait !== 0) mustBePositive(wait as number, `${name}(...): \`wait\``);
  termsOf(options, 1);
}

/** The times of a key, with their defaults. */
export function termsOf({ retention, lease, grace }: Unchecked, retained: number): Terms {
  mustBePositive(retention, '`retention` of an idempotency key');
  mustBePositive(lease, '`lease` of an idempotency key');
  if (grace !== 0) mustBePositive(grace, '`grace` of an idempotency key');
  return { retention: retention ?? retained, lease, grace: grace ?? DEFAULT_GRACE };
}

function mustBeStore(store: unknown): void {
  if (typeof (store as Partial<IdempotencyStore> | undefined)?.claim === 'function') return;
  throw misconfigured(
    `The idempotency \`store\` must be a store such as redisStore(...), or a function of the context that returns one; got ${isThenable(store) ? 'a promise' : describe(store)}.`,
  );
}

const cautioned = new WeakSet<IdempotencyStore>();

/** The store of an invocation. If it has a caution, it is logged once. */
export function storeFor<Ctx>(option: StoreOption<Ctx>, context: Ctx, { log, platform }: Around): IdempotencyStore {
  const store = typeof option === 'function' ? option(context) : option;
  if (store !== option) mustBeStore(store);
  if (store.caution !== undefined && platform !== 'test' && !cautioned.has(store)) {
    cautioned.add(store);
    report(log, 'warn', store.caution);
  }
  return store;
}

/** The key of some work in a store: a digest, which reveals neither the user's key nor its length. */
export function named(...parts: readonly string[]): Awaitable<string> {
  return digest(JSON.stringify(parts));
}

/** @throws FunctionError `internal` for a value that identifies nothing: two things would share one key. */
export function mustName(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  const came = value === '' ? 'an empty string' : isThenable(value) ? 'a promise' : describe(value);
  throw new FunctionError('internal', `The \`${what}\` of an idempotency key must be a non-empty string; got ${came}.`);
}

/** A digest of what the user's function chose to compare. */
export function chosen<Event>(fingerprint: false | ((event: Event) => unknown), event: Event): Awaitable<string> {
  if (!fingerprint) return '';
  return andThen(fingerprint(event) as Awaitable<unknown>, (value) => {
    if (value !== undefined) return digest(canonical(value));
    throw new FunctionError(
      'internal',
      'The `fingerprint` of an idempotency key must not be undefined; `fingerprint: false` compares nothing.',
    );
  });
}
