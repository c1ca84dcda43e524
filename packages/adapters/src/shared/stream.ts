import {
  type Awaitable,
  type BodySource,
  checkSize,
  type HttpRequestEvent,
  limited,
  type RawBody,
} from '@tradewind/core/adapter';

/** @throws TypeError for text, say, which other platforms do not take: `TextEncoderStream` makes bytes of it. */
export function mustBeBytes(chunk: unknown): void {
  if (!(chunk instanceof Uint8Array)) throw new TypeError(`A stream gave a ${typeof chunk} in place of bytes.`);
}

type Read = Promise<ReadableStreamReadResult<Uint8Array>>;

/**
 * Reads a stream, at most `limit` bytes of it.
 *
 * @param inTime - may give up what is being read.
 * @throws FunctionError `content_too_large`, without reading on.
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  inTime: (read: Read) => Read = (read) => read,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) break;
      mustBeBytes(value);
      length += value.byteLength;
      checkSize(length, limit);
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Reads a body, at most `limit` bytes of it, whether it is a stream or not. */
export function readSource(raw: BodySource, limit: number): Awaitable<RawBody> {
  return raw instanceof ReadableStream ? readStream(raw, limit) : limited(raw, limit);
}

/**
 * The body for a web-standard request: of a stream a copy, so that who reads it takes nothing from parsing.
 */
export function copyOf(event: HttpRequestEvent): BodySource {
  const { raw, method } = event;
  if (!(raw instanceof ReadableStream) || method === 'GET' || method === 'HEAD') return raw;
  const [copy, rest] = raw.tee();
  event.raw = rest;
  return copy;
}
