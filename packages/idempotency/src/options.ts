import type { BatchMessage, CloudEvent, Context, HttpEvent, QueueBatch, Result } from '@tradewind/core';
import type { Awaitable } from '@tradewind/core/adapter';
import type { IdempotencyStore } from './store.js';

/** What a handler can know of its key: `context.idempotency`. */
export interface Idempotency {
  /**
   * The name of the work, the same for every try: a digest of function, scope and key. Safe to hand on, as the
   * idempotency key of what the handler calls. Where there is no key it is random.
   */
  readonly key: string;
  /** Rises with every grant of the key: what is written with it can refuse a writer with a lower one. 0 without a grant. */
  readonly fence: number;
  /** Which grant of the key it is, counted from 1. 0 without a grant. */
  readonly attempt: number;
  /**
   * `first`; `retry` after an owner that failed and said so; `takeover` after one that fell silent, whose work may have
   * been done in part, until a try has ended; `none` where nothing stands behind the key: there is no key, or the store failed open.
   */
  readonly claim: 'first' | 'retry' | 'takeover' | 'none';
}

/** The store; a function of the context where its client comes with the invocation, as a binding on Workers does. */
export type StoreOption<Ctx> = IdempotencyStore | ((context: Ctx) => IdempotencyStore);

/** What is the same for every kind of event. */
export interface CommonOptions<Event, Ctx> {
  readonly store: StoreOption<Ctx>;
  /**
   * In ms: how long an outcome is replayed. Longer than a duplicate can be late. Default: 24 hours for HTTP; 15 days for
   * messages, since a queue keeps them up to 14.
   */
  readonly retention?: number;
  /**
   * In ms: for how long a handler owns its key before another try may take over, renewed at every third of it. Default: until
   * the deadline and `grace` more; where there is no deadline 30 seconds. Less than the deadline has a crash found out sooner.
   */
  readonly lease?: number;
  /** In ms: how much longer than the deadline the lease is, for what the platform's clock is off. Default: 1,000. */
  readonly grace?: number;
  /**
   * What must be the same where the key is: another value is a client's mistake, and refused. Compared as JSON, in any order
   * of keys. `false`: nothing is compared. Default: of a request method, path, query and body; of a message its data, where
   * `key` is given, and nothing else, since its own id names it.
   */
  readonly fingerprint?: false | ((event: Event) => unknown);
  /**
   * What becomes of a key whose owner fell silent: the handler runs again (`'rerun'`); nobody tries again, and a person must
   * look (`'refuse'`: 409, a rejected message); or a function that finds out how far it came, and gives the result by
   * `reply(...)`, or undefined for the handler to run. Default: `'rerun'`.
   */
  readonly onTakeover?:
    | 'rerun'
    | 'refuse'
    | ((event: Event, context: Ctx & { readonly idempotency: Idempotency }) => Awaitable<Result | undefined>);
  /**
   * Whether the handler runs where the store cannot be asked, and duplicates with it. Default: false: 503, or the message
   * comes again.
   */
  readonly failOpen?: boolean;
}

/** What `idempotency(...)` is given for an HTTP function. */
export interface HttpIdempotencyOptions<Event = HttpEvent, Ctx = Context> extends CommonOptions<Event, Ctx> {
  /** Names the request; see `idempotencyKeyHeader`. Undefined: it has no key, and runs as if this layer were not there. */
  readonly key: (event: Event, context: Ctx) => string | undefined;
  /**
   * Whose key it is: the user, the tenant. Two of them may choose the same key, and neither may see the other's answer.
   * `'global'` where there is one client only, or nothing in an answer is anybody's own.
   */
  readonly scope: 'global' | ((event: Event, context: Ctx) => string);
  /** In ms: how long a duplicate waits for the answer of the request that is running. Default: 0, it is a 409 at once. */
  readonly wait?: number;
}

/** What `idempotency(...)` is given for a function of messages. */
export interface MessageIdempotencyOptions<Event = CloudEvent, Ctx = Context> extends CommonOptions<Event, Ctx> {
  /** Names the work that a message asks for. Default: the message's `source` and `id`. */
  readonly key?: (event: Event, context: Ctx) => string;
}

/** The options for a kind of event. */
export type IdempotencyOptions<Event, Ctx> =
  Event extends HttpEvent<infer _Body, infer _Query, infer _Params>
    ? HttpIdempotencyOptions<NoInfer<Event>, NoInfer<Ctx>>
    : Event extends QueueBatch<infer Data>
      ? MessageIdempotencyOptions<BatchMessage<Data>, NoInfer<Ctx>>
      : MessageIdempotencyOptions<NoInfer<Event>, NoInfer<Ctx>>;

/** What is in the context: of a batch an entry a message, in their order. */
export type IdempotencyOf<Event> = Event extends QueueBatch ? readonly Idempotency[] : Idempotency;
