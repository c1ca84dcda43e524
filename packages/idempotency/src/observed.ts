import { emit } from '@tradewind/core/adapter';
import type { Around } from './around.js';

/** What happened to a key. */
export type IdempotencyNews =
  /** The handler runs. */
  | 'first'
  | 'retry'
  | 'takeover'
  /** A duplicate got the stored outcome. */
  | 'replayed'
  /** A duplicate arrived while the handler was running. */
  | 'in_progress'
  /** The key was used with another payload. */
  | 'mismatch'
  /** The handler finished after another owner had taken over: both may have had effects. */
  | 'lost'
  /** The handler finished but its outcome could not be stored: a duplicate may run it again. */
  | 'unstored'
  /** The value was too large, or not JSON, and was not stored: a duplicate learns only that the work is done. */
  | 'unkept'
  /** The store failed, and the handler ran without it. */
  | 'failed_open';

declare module '@tradewind/core' {
  interface ObservedEvents {
    /** What happened to an idempotency key. */
    'idempotency.key': {
      readonly functionName: string;
      readonly invocationId: string;
      /** The digest, as in `context.idempotency`. */
      readonly key: string;
      readonly news: IdempotencyNews;
      readonly error?: unknown;
    };
  }
}

/** Emits an event to observers. */
export function told(news: IdempotencyNews, key: string, around: Around, error?: unknown): void {
  emit(() => ({
    type: 'idempotency.key',
    functionName: around.functionName,
    // A getter, read only if somebody observes.
    invocationId: around.invocationId,
    key,
    news,
    ...(error !== undefined && { error }),
  }));
}
