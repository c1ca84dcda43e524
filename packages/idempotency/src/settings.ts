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

/** What the types have checked, but not of who writes JavaScript. */
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

const NAMES = 'store key scope fingerprint retention lease grace wait failOpen onTakeover'.split(' ');

/**
 * @param more - options that only this function has.
 * @throws FunctionError `misconfigured` where an option is none.
 */
export function checkSettings(name: string, options: Unchecked, more: readonly string[] = []): void {
  checkOptions(name, options, [...more, ...NAMES]);
  const { store, key, scope, fingerprint, wait, failOpen, onTakeover } = options;
  if (typeof store !== 'function') mustBeStore(store);
  if (key !== undefined) mustBe('function', key, 'The `key` of an idempotency key');
  if (scope !== 'global' && scope !== undefined) mustBe('function', scope, "The `scope`, if not 'global',");
  if (fingerprint) mustBe('function', fingerprint, 'The `fingerprint`, if not false,');
  if (onTakeover !== undefined && onTakeover !== 'rerun' && onTakeover !== 'refuse') {
    mustBe('function', onTakeover, "The `onTakeover`, if not 'rerun' or 'refuse',");
  }
  if (failOpen !== undefined && typeof failOpen !== 'boolean') {
    throw misconfigured(`The \`failOpen\` is neither true nor false, but ${describe(failOpen)}.`);
  }
  if (wait !== 0) mustBePositive(wait as number, 'wait of an idempotency key');
  termsOf(options, 1);
}

/** What there is to know of a key's times. */
export function termsOf({ retention, lease, grace }: Unchecked, retained: number): Terms {
  mustBePositive(retention, 'retention of an idempotency key');
  mustBePositive(lease, 'lease of an idempotency key');
  if (grace !== 0) mustBePositive(grace, 'grace of an idempotency key');
  return { retention: retention ?? retained, lease, grace: grace ?? DEFAULT_GRACE };
}

function mustBeStore(store: unknown): void {
  if (typeof (store as Partial<IdempotencyStore> | undefined)?.claim === 'function') return;
  throw misconfigured(
    `The store of an idempotency key is ${isThenable(store) ? 'a promise' : describe(store)}: memoryStore(), redisStore(...) or another store is expected, or a function of the context that gives one.`,
  );
}

const cautioned = new WeakSet<IdempotencyStore>();

/** The store of an invocation; where it has a caution, that is said once. */
export function storeFor<Ctx>(option: StoreOption<Ctx>, context: Ctx, { log, platform }: Around): IdempotencyStore {
  const store = typeof option === 'function' ? option(context) : option;
  if (store !== option) mustBeStore(store);
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
  const came = value === '' ? 'an empty text' : isThenable(value) ? 'a promise' : describe(value);
  throw new FunctionError('internal', `The \`${what}\` of an idempotency key gave ${came}: a text is expected.`);
}

/** What a user's function chose to compare. */
export function chosen<Event>(fingerprint: false | ((event: Event) => unknown), event: Event): Awaitable<string> {
  if (!fingerprint) return '';
  return andThen(fingerprint(event) as Awaitable<unknown>, (value) => {
    if (value !== undefined) return digest(canonical(value));
    throw new FunctionError(
      'internal',
      'The `fingerprint` of an idempotency key gave undefined: `false` compares nothing.',
    );
  });
}
