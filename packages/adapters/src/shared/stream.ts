import { FunctionError, isFunctionError } from '@tradewind/core';
import {
  type Awaitable,
  type BodySource,
  checkSize,
  type HttpRequestEvent,
  limited,
  type RawBody,
} from '@tradewind/core/adapter';

/**
 * @throws FunctionError `internal` for anything else, such as text, which not every platform accepts: use `TextEncoderStream` for
 * text.
 */
export function mustBeBytes(chunk: unknown): void {
  if (!(chunk instanceof Uint8Array))
    throw new FunctionError(
      'internal',
      `A stream must give bytes; got a ${typeof chunk}. Use TextEncoderStream for text.`,
    );
}

type Read = Promise<ReadableStreamReadResult<Uint8Array>>;

/**
 * Reads a stream, at most `limit` bytes of it.
 *
 * @param inTime - may abandon a read that takes too long.
 * @throws FunctionError `content_too_large`, and stops reading.
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

/** @throws FunctionError `content_too_large` for a body that is declared too large, before any of it is read. */
export function checkDeclared(event: HttpRequestEvent): void {
  checkSize(Number(event.header('content-length') ?? 0), event.maxBodySize);
}

/**
 * The body of a request, which fails with a `content_too_large` beyond `maxBodySize`. Nothing more is read then, and the
 * original is not cancelled: on Node that would cut off the connection before the response.
 */
export function counted(stream: ReadableStream<Uint8Array>, event: HttpRequestEvent): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let size = 0;
  return relayed(
    async () => {
      if (size === 0) checkDeclared(event);
      const read = await reader.read();
      size += read.value?.byteLength ?? 0;
      checkSize(size, event.maxBodySize);
      return read;
    },
    (reason) => reader.cancel(reason),
  );
}

/** A stream that reads its source no earlier than it is read. */
export function relayed(
  read: () => Promise<ReadableStreamReadResult<Uint8Array>>,
  cancel: (reason: unknown) => void | Promise<void>,
): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
}

/** Reads a body, which may be a stream, at most `limit` bytes of it. */
export function readSource(raw: BodySource, limit: number): Awaitable<RawBody> {
  return raw instanceof ReadableStream ? readStream(raw, limit, received) : limited(raw, limit);
}

/** The stream of a request fails if its client leaves, and the function is not at fault. */
function received(read: Read): Read {
  return read.catch((cause) => {
    if (isFunctionError(cause)) throw cause;
    throw new FunctionError('bad_request', 'The request ended before its whole body was received.', { cause });
  });
}

/**
 * The body for a web-standard request. A stream is copied, so that reading it leaves the body for parsing.
 */
export function copyOf(event: HttpRequestEvent): BodySource {
  const { raw, method } = event;
  if (!(raw instanceof ReadableStream) || method === 'GET' || method === 'HEAD') return raw;
  const [copy, rest] = raw.tee();
  event.raw = rest;
  const reader = copy.getReader();
  return relayed(
    () => reader.read(),
    // Not awaited: that of one copy ends only once both are cancelled, and the other one is to be parsed.
    (reason) => void reader.cancel(reason).catch(() => {}),
  );
}
