import { emit } from '@tradewind/core/adapter';
import type { Around } from './around.js';

/** What became of a key. */
export type IdempotencyNews =
  /** The handler runs. */
  | 'first'
  | 'retry'
  | 'takeover'
  /** A duplicate got the outcome that there is. */
  | 'replayed'
  /** A duplicate came while the handler runs. */
  | 'in_progress'
  /** The key came with another payload. */
  | 'mismatch'
  /** The handler was done when another owner had its key: both may have had effects. */
  | 'lost'
  /** The handler was done and its outcome could not be stored: a duplicate may run it again. */
  | 'unstored'
  /** The outcome was too large, or none that can be written: a duplicate learns no more than that it is done. */
  | 'unkept'
  /** The store could not be asked, and the handler ran without it. */
  | 'failed_open';

declare module '@tradewind/core' {
  interface ObservedEvents {
    /** What became of an idempotency key. */
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

/** Tells who observes. */
export function told(news: IdempotencyNews, key: string, around: Around, error?: unknown): void {
  emit(() => ({
    type: 'idempotency.key',
    functionName: around.functionName,
    // Made when it is asked for.
    invocationId: around.invocationId,
    key,
    news,
    ...(error !== undefined && { error }),
  }));
}
