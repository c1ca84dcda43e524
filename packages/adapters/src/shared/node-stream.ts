import { FunctionError } from '@tradewind/core';
import { type FinalResult, isStream, sourceOf } from '@tradewind/core/adapter';
import { mustBeBytes } from './stream.js';

/** @throws FunctionError `internal` for a stream that was already read: its response would be empty. */
export function checkUnread({ body }: Pick<FinalResult, 'body'>): void {
  if (!isStream(body)) return;
  // Loaded only here, because importing it adds 1.5 ms to every cold start.
  const { Readable } = process.getBuiltinModule('node:stream');
  if (Readable.isDisturbed(sourceOf(body) as unknown as NodeJS.ReadableStream)) {
    throw new FunctionError('internal', 'The stream that was returned has already been read.');
  }
}

/** The chunks of a stream, checked, and the way to cancel it while the next chunk is awaited: an iterator alone has none. */
export interface Chunks {
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
  cancel(): void;
}

/** Reads a stream, and cancels it if reading stops early. */
export function chunksOf(stream: ReadableStream<Uint8Array>): Chunks {
  const reader = stream.getReader();
  // A stream that has ended or failed has nothing to cancel.
  const cancel = (reason?: unknown): void => void reader.cancel(reason).catch(() => {});
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    let reason: unknown;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        mustBeBytes(value);
        yield value;
      }
    } catch (error) {
      reason = error;
      throw error;
    } finally {
      cancel(reason);
    }
  }
  return { chunks: chunks(), cancel };
}
