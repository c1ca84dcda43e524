import type { HttpResult, Result } from '@tradewind/core';
import { type Awaitable, isResult, isStream } from '@tradewind/core/adapter';

/** How a stream ended: whole or cancelled by the client, unless there is an error. */
type Ended = (broken?: { readonly error: unknown }) => Awaitable<void>;

/**
 * A result whose body is a stream that tells when it has ended, and does not end before what was told is done. Undefined for a
 * result without a stream.
 */
export function streamed<Adds>(result: Result<Adds>, ended: Ended): Result<Adds> | undefined {
  if (!isResult(result)) return undefined;
  const value = (result as Result).value as HttpResult;
  const { body } = Object(value) as HttpResult;
  // One that somebody else reads cannot be sent either, which is said where it is to be.
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
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}
