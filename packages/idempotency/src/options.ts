import type { BatchMessage, CloudEvent, Context, HttpEvent, QueueBatch, Result } from '@tradewind/core';
import type { Awaitable } from '@tradewind/core/adapter';
import type { IdempotencyStore } from './store.js';

/** What a handler gets about its key: `context.idempotency`. */
export interface Idempotency {
  /**
   * Identifies the work and is the same for every try: a digest of the function, the scope and the key. Safe to pass
   * on, for example as the idempotency key of a call that the handler makes. If there is no key, it is random.
   */
  readonly key: string;
  /** Rises with every grant of the key, so that a write can be rejected if its fence is lower. 0 without a grant. */
  readonly fence: number;
  /** The number of this grant of the key, counted from 1. 0 without a grant. */
  readonly attempt: number;
  /**
   * `first`; `retry` after an owner that failed and reported it; `takeover` after an owner that crashed or hung, whose
   * work may be half done, and for every further try until one has completed; `none` if no record backs the key,
   * because there is no key or the store failed open.
   */
  readonly claim: 'first' | 'retry' | 'takeover' | 'none';
}

/** The store, or a function of the context if the client belongs to the invocation, such as a binding on Workers. */
export type StoreOption<Ctx> = IdempotencyStore | ((context: Ctx) => IdempotencyStore);

/** The options for every kind of event. */
export interface CommonOptions<Event, Ctx> {
  readonly store: StoreOption<Ctx>;
  /**
   * In ms: how long an outcome is kept. It must be longer than a duplicate can be late. Default: 24 hours for HTTP; 15
   * days for messages, because queues keep them for up to 14.
   */
  readonly retention?: number;
  /**
   * In ms: how long a handler owns its key before another try may take over; renewed after every third of it. Default:
   * until the deadline plus `grace`; without a deadline 30 seconds. With a shorter lease a crash is noticed sooner.
   */
  readonly lease?: number;
  /** In ms: how much longer than the deadline the lease lasts, to allow for clock differences. Default: 1,000. */
  readonly grace?: number;
  /**
   * What must be the same for every use of a key. Another value is a client's mistake and is refused. Compared as JSON,
   * in any order of keys. `false` compares nothing. Default: a request's method, path, query and body, the same on every
   * platform; a message's data if `key` is set, and otherwise nothing, since its own id identifies it.
   */
  readonly fingerprint?: false | ((event: Event) => unknown);
  /**
   * What to do with a key whose owner crashed or hung. `'rerun'`: the handler runs again. `'refuse'`: no further try,
   * and a person must look into it (a 409, or a rejected message). A function: it finds out how far the owner got, and
   * returns the result as `reply(...)`, or undefined to run the handler. Default: `'rerun'`.
   */
  readonly onTakeover?:
    | 'rerun'
    | 'refuse'
    | ((event: Event, context: Ctx & { readonly idempotency: Idempotency }) => Awaitable<Result | undefined>);
  /**
   * Whether the handler runs when the store is down; duplicates then run too. Default: false, which means a 503, or
   * that the message is redelivered.
   */
  readonly failOpen?: boolean;
}

/** Options of `idempotency(...)` for an HTTP function. */
export interface HttpIdempotencyOptions<Event = HttpEvent, Ctx = Context> extends CommonOptions<Event, Ctx> {
  /**
   * Identifies the request; see `idempotencyKeyHeader`. If it returns undefined, the request runs without this layer.
   */
  readonly key: (event: Event, context: Ctx) => string | undefined;
  /**
   * Whose key it is: the user or the tenant. Two of them may choose the same key, and neither may get the other's
   * response. `'global'` if there is only one client, or if responses contain nothing private.
   */
  readonly scope: 'global' | ((event: Event, context: Ctx) => string);
  /** In ms: how long a duplicate waits for the response of the request that is running. Default: 0, a 409 at once. */
  readonly wait?: number;
}

/** Options of `idempotency(...)` for a message function. */
export interface MessageIdempotencyOptions<Event = CloudEvent, Ctx = Context> extends CommonOptions<Event, Ctx> {
  /** Identifies the work that a message asks for. Default: the message's `source` and `id`. */
  readonly key?: (event: Event, context: Ctx) => string;
}

/** The options for a kind of event. */
export type IdempotencyOptions<Event, Ctx> =
  Event extends HttpEvent<infer _Body, infer _Query, infer _Params>
    ? HttpIdempotencyOptions<NoInfer<Event>, NoInfer<Ctx>>
    : Event extends QueueBatch<infer Data>
      ? MessageIdempotencyOptions<BatchMessage<Data>, NoInfer<Ctx>>
      : MessageIdempotencyOptions<NoInfer<Event>, NoInfer<Ctx>>;

/** What is in the context: for a batch one entry per message, in order. */
export type IdempotencyOf<Event> = Event extends QueueBatch ? readonly Idempotency[] : Idempotency;
