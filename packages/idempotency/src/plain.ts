import { type Clock, type Context, consoleLogger, FunctionError, type Logger, systemClock } from '@tradewind/core';
import { type Awaitable, misconfigured, mustBe } from '@tradewind/core/adapter';
import type { Around } from './around.js';
import { canonical, digest } from './digest.js';
import { keepError, throwKept } from './kept-error.js';
import { type Ended, LOST, once, type Running } from './once.js';
import type { CommonOptions, Idempotency } from './options.js';
import { read, UNKEPT, written } from './outcome.js';
import { checkSettings, chosen, mustName, named, storeFor, termsOf } from './settings.js';
import type { IdempotencyStore } from './store.js';

const A_DAY = 86_400_000;

/** Options of `idempotent(...)`. */
export interface IdempotentOptions<Input> extends Omit<CommonOptions<Input, unknown>, 'store' | 'onTakeover'> {
  readonly store: IdempotencyStore;
  /** Identifies the work, together with its key, for as long as outcomes are kept. */
  readonly name: string;
  readonly key: (input: Input) => string;
  /**
   * In ms: how long a call waits if another is running elsewhere. Default: 0, which fails with a `conflict` at once.
   */
  readonly wait?: number;
  /**
   * What to do with a key whose owner crashed or hung. `'rerun'`: the function runs again, with `claim: 'takeover'`.
   * `'refuse'`: a `conflict`, no further try, and a person must look into it. Default: `'rerun'`.
   */
  readonly onTakeover?: 'rerun' | 'refuse';
}

/** What the function gets in addition to its input. */
export interface Idempotent extends Idempotency {
  /** Aborts when another owner has taken over, or with the context's own signal. */
  readonly signal: AbortSignal;
}

/**
 * Makes an async function run once per key, among all processes that share the store. Duplicates get its value, as JSON
 * preserves it. A FunctionError that no retry would change is stored too; after any other error the key is free. As
 * with {@link idempotency}, no two runs happen at once and there is a fence, but a run that crashed half-way may have
 * had an effect.
 *
 * @returns a function of the input. In a handler, pass the context as the second argument: then it respects the
 * deadline and uses the context's logger. It throws a FunctionError: `conflict` if another call is running (retryable),
 * if an earlier run crashed and `onTakeover` is `'refuse'`, if the key was lost meanwhile, or if the value was not
 * stored, because it was too large or not JSON; `unprocessable_content` if the key was used with another input;
 * `unavailable` if the store failed.
 * @throws FunctionError `misconfigured` if an argument is invalid.
 * @example
 * ```ts
 * import { idempotent, memoryStore } from '@tradewind/idempotency';
 *
 * const charge = idempotent(
 *   async (order: { id: string; cents: number }, { key, signal }) => {
 *     const headers = { 'idempotency-key': key };
 *     const response = await fetch('https://pay.example/charges', { method: 'POST', headers, signal });
 *     return (await response.json()) as { chargeId: string };
 *   },
 *   { name: 'charge', store: memoryStore(), key: ({ id }) => id },
 * );
 * ```
 */
export function idempotent<Input, Output>(
  fn: (input: Input, idempotency: Idempotent) => Awaitable<Output>,
  options: IdempotentOptions<NoInfer<Input>>,
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
): (input: Input, context?: Context<any>) => Promise<Output> {
  mustBe('function', fn, 'idempotent(...): `fn`');
  checkSettings('idempotent', options, ['name']);
  const { store, name, key, fingerprint, wait = 0, failOpen = false, onTakeover } = options;
  mustBe('string', name, 'idempotent(...): `name`');
  mustName(name, 'name');
  mustBe('function', key, 'idempotent(...): `key`');
  if (typeof onTakeover === 'function') {
    throw misconfigured("idempotent(...): `onTakeover` must be 'rerun' or 'refuse'; got function.");
  }
  const terms = termsOf(options, A_DAY);
  const running: Running = new Map();
  const log = consoleLogger({ function: name });
  return async (input, context) => {
    const around = (context as (Context & Around) | undefined) ?? new Alone(name, log);
    const ended = await once<Output>({
      store: storeFor(store, context, around),
      // Four parts, so that it cannot equal the key of a function with this name.
      key: await named('', '', name, mustName(key(input), 'key')),
      fingerprint: await (fingerprint === undefined ? digest(canonical(input)) : chosen(fingerprint, input)),
      terms,
      around,
      // On Workers a request must not wait for work that another request started.
      running: around.platform === 'cloudflare' ? undefined : running,
      wait,
      failOpen,
      refusesTakeover: onTakeover === 'refuse',
      run: (granted, lost) => fn(input, new Granted(granted, lost, around)),
      keep: (value, max) => ({ value, outcome: { state: 'completed', value: written(value, max) } }),
      keepError,
    });
    return given(ended, name);
  };
}

/** The signal is a getter, because combining two signals costs more than all the rest and is rarely needed. */
class Granted implements Idempotent {
  readonly key: string;
  readonly fence: number;
  readonly attempt: number;
  readonly claim: Idempotency['claim'];
  readonly #lost: (() => AbortSignal) | undefined;
  readonly #around: Around;

  constructor({ key, fence, attempt, claim }: Idempotency, lost: (() => AbortSignal) | undefined, around: Around) {
    this.key = key;
    this.fence = fence;
    this.attempt = attempt;
    this.claim = claim;
    this.#lost = lost;
    this.#around = around;
  }

  get signal(): AbortSignal {
    const { signal } = this.#around;
    return this.#lost ? AbortSignal.any([signal, this.#lost()]) : signal;
  }
}

/** The surroundings of a call without a context. */
class Alone implements Around {
  readonly functionName: string;
  readonly log: Logger;
  readonly platform: string = globalThis.navigator?.userAgent === 'Cloudflare-Workers' ? 'cloudflare' : 'none';
  readonly deadline: number = Number.POSITIVE_INFINITY;
  readonly abortAt: number = Number.POSITIVE_INFINITY;
  readonly clock: Clock = systemClock;
  #invocationId: string | undefined;

  constructor(functionName: string, log: Logger) {
    this.functionName = functionName;
    this.log = log;
  }

  /** The same in every event of the call. */
  get invocationId(): string {
    this.#invocationId ??= crypto.randomUUID();
    return this.#invocationId;
  }
  get signal(): AbortSignal {
    return new AbortController().signal;
  }
}

function given<Output>(ended: Ended<Output>, name: string): Output {
  switch (ended.state) {
    case 'ran':
      return ended.value;
    case 'completed':
      if (ended.value !== UNKEPT) return read(ended.value) as Output;
      throw new FunctionError('conflict', `'${name}' has run for this key, but its value was not stored.`);
    case 'failed':
      return throwKept(ended.value);
    case 'unknown':
      throw new FunctionError(
        'conflict',
        `An earlier run of '${name}' for this key was interrupted, and it is unknown how far it got.`,
      );
    case 'in_progress':
      throw new FunctionError('conflict', `'${name}' is already running for this key.`, { retryable: true });
    case 'mismatch':
      throw new FunctionError('unprocessable_content', `'${name}' was called for this key with another input before.`);
    case 'lost':
      throw new FunctionError('conflict', LOST);
  }
}
