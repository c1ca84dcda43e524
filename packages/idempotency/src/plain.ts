import { type Clock, type Context, consoleLogger, FunctionError, type Logger, systemClock } from '@tradewind/core';
import { type Awaitable, mustBe } from '@tradewind/core/adapter';
import type { Around } from './around.js';
import { canonical, digest } from './digest.js';
import { keepError, throwKept } from './kept-error.js';
import { type Ended, LOST, once, type Running } from './once.js';
import type { CommonOptions, Idempotency } from './options.js';
import { read, UNKEPT, written } from './outcome.js';
import { checkSettings, chosen, mustName, named, storeFor, termsOf } from './settings.js';
import type { IdempotencyStore } from './store.js';

const A_DAY = 86_400_000;

/** What `idempotent(...)` is given. */
export interface IdempotentOptions<Input> extends Omit<CommonOptions<Input, unknown>, 'store' | 'onTakeover'> {
  readonly store: IdempotencyStore;
  /** Names the work, together with its key, for as long as outcomes are kept. */
  readonly name: string;
  readonly key: (input: Input) => string;
  /** In ms: how long a call waits for one that is running elsewhere. Default: 0, it fails with a `conflict` at once. */
  readonly wait?: number;
  /**
   * What becomes of a key whose owner fell silent: the function runs again (`'rerun'`), and sees it in `claim`; or nobody
   * tries again, and a person must look (`'refuse'`: a `conflict`). Default: `'rerun'`.
   */
  readonly onTakeover?: 'rerun' | 'refuse';
}

/** What the function gets beside its input. */
export interface Idempotent extends Idempotency {
  /** Aborts when another owner has taken over, or with the context's own signal. */
  readonly signal: AbortSignal;
}

/**
 * A plain async function that runs once for a key, among all processes that share the store; its duplicates get what it
 * gave, as JSON keeps it. A FunctionError that no further try would change is kept as well, any other error frees the key.
 * As {@link idempotency} does for a handler, it promises no two runs at once and a fence, not that a run which died
 * half-way had no effect.
 *
 * @returns the function of the input. Give it the context where it is called in a handler: then it minds the deadline, and
 * logs there. It throws a FunctionError: `conflict` while another call is running (retryable), where one broke off with
 * `onTakeover: 'refuse'`, where the key was lost meanwhile, and where the value was too large to be kept or none that JSON
 * has; `unprocessable_content` where the key came with another input; `unavailable` where the store cannot be asked.
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
  mustBe('function', fn, 'What idempotent(...) is given');
  checkSettings('idempotent', options, ['name']);
  const { store, name, key, fingerprint, wait = 0, failOpen = false, onTakeover } = options;
  mustBe('string', name, 'The name of idempotent(...)');
  mustName(name, 'name');
  mustBe('function', key, 'The key of idempotent(...)');
  const terms = termsOf(options, A_DAY);
  const running: Running = new Map();
  const log = consoleLogger({ function: name });
  return async (input, context) => {
    const around = (context as (Context & Around) | undefined) ?? new Alone(name, log);
    const ended = await once<Output>({
      store: storeFor(store, context, around),
      // Four parts: no function of this name has a key of so many.
      key: await named('', '', name, mustName(key(input), 'key')),
      fingerprint: await (fingerprint === undefined ? digest(canonical(input)) : chosen(fingerprint, input)),
      terms,
      around,
      // On Workers one request may not wait for what another one began.
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

/** Two signals as one cost more than all the rest, and most functions ask for neither. */
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

/** A call where no invocation is. */
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

  /** The same for all that observers hear of the call. */
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
      throw new FunctionError('conflict', `'${name}' ran for this key, and its value was not kept.`);
    case 'failed':
      return throwKept(ended.value);
    case 'unknown':
      throw new FunctionError(
        'conflict',
        `An earlier run of '${name}' for this key broke off, and how far it came is not known.`,
      );
    case 'in_progress':
      throw new FunctionError('conflict', `'${name}' is running for this key elsewhere.`, { retryable: true });
    case 'mismatch':
      throw new FunctionError('unprocessable_content', `'${name}' ran for this key with another input before.`);
    case 'lost':
      throw new FunctionError('conflict', LOST);
  }
}
