import { checkSize, type HttpRequestEvent } from '@tradewind/core/adapter';

/**
 * Reads a stream, at most `limit` bytes of it.
 *
 * @throws FunctionError `content_too_large`, without reading on.
 */
export async function readStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
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

/**
 * A web-standard request over a body that has not been read: a copy of it, so that who reads it takes nothing from
 * parsing.
 */
export function requestOverCopy(event: HttpRequestEvent, url: string): Request {
  const [copy, rest] = (event.raw as ReadableStream<Uint8Array>).tee();
  event.raw = rest;
  const init = { method: event.method, headers: [...event.pairs()], body: copy, duplex: 'half' };
  return new Request(url, init as RequestInit);
}

/** Whether a request has a body that is a stream, and that a web-standard request may have. */
export function isStreamed({ raw, method }: HttpRequestEvent): boolean {
  return raw instanceof ReadableStream && method !== 'GET' && method !== 'HEAD';
}
