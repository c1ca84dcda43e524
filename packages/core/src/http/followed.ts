import type { InvocationContext } from '../context/context.js';
import { isFunctionError } from '../errors.js';

type Stream = ReadableStream<Uint8Array>;

/** What is followed, by the stream that is sent in its place. */
const sources = new WeakMap<Stream, Stream>();

/** For adapters: the stream of the function behind one that is followed, which shows whether it was already read. */
export function sourceOf(stream: Stream): Stream {
  return sources.get(stream) ?? stream;
}

/**
 * For adapters: a stream that tells its invocation when it has ended, and ends once the work for after the response is done. A
 * client that disconnects is not a fault; a chunk that cannot be sent is.
 */
export function followed(stream: Stream, context: InvocationContext): Stream {
  // Not locked before it is read, so that a response can still be refused for it.
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const following = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let chunk: ReadableStreamReadResult<Uint8Array>;
        try {
          reader ??= stream.getReader();
          chunk = await reader.read();
        } catch (error) {
          context.keepFault(error, true);
          await context.answered();
          throw error;
        }
        if (!chunk.done) return controller.enqueue(chunk.value);
        await context.answered();
        controller.close();
      },
      async cancel(reason) {
        if (isFunctionError(reason)) context.keepFault(reason, true);
        const cancelled = reader ? reader.cancel(reason) : stream.cancel(reason);
        // It is awaited only after the other work, and may reject before.
        cancelled.catch(() => {});
        await context.answered();
        await cancelled;
      },
    },
    // Reads nothing ahead.
    { highWaterMark: 0 },
  );
  sources.set(following, stream);
  return following;
}
