import type { HttpResult, Result } from '@tradewind/core';
import { type Awaitable, isResult, isStream } from '@tradewind/core/adapter';

/** Called when a stream has ended, was cancelled, or failed. */
type Ended = (broken?: { readonly error: unknown }) => Awaitable<void>;

/**
 * The result with a body stream that reports its end, and ends once that has been handled. Undefined for a result without a
 * stream.
 */
export function streamed<Adds>(result: Result<Adds>, ended: Ended): Result<Adds> | undefined {
  if (!isResult(result)) return undefined;
  const value = (result as Result).value as HttpResult;
  const { body } = Object(value) as HttpResult;
  // A locked stream cannot be sent either; core reports that.
  if (!isStream(body) || body.locked) return undefined;
  return result.with({ ...value, body: telling(body, ended) }) as Result<Adds>;
}

function telling(stream: ReadableStream<Uint8Array>, ended: Ended): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch(async (error) => {
          await ended({ error });
          throw error;
        });
        if (!done) return controller.enqueue(value);
        await ended();
        controller.close();
      },
      async cancel(reason) {
        await ended();
        await reader.cancel(reason);
      },
    },
    // Reads nothing ahead.
    { highWaterMark: 0 },
  );
}
