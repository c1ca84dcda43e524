import type { HttpResult } from '@tradewind/core';
import { bytesIn, fromBase64, isBytes, isStream, toBase64 } from '@tradewind/core/adapter';

/** A body as it is stored in JSON. */
export type KeptBody = { readonly body?: unknown } | { readonly base64: string };

/**
 * A response's body as it is stored, or undefined if it is not; and the response, whose stream was read for that. A
 * stream of more than `max` bytes is passed on as a stream, and so are server-sent events, which may never end.
 */
export async function keptBody(
  answer: HttpResult,
  max: number,
): Promise<{ readonly answer: HttpResult; readonly kept?: KeptBody }> {
  const { body } = answer;
  if (isBytes(body)) return { answer, kept: { base64: toBase64(bytesIn(body)) } };
  // Their body is not sent, so there is nothing to replay.
  if (typeof body === 'function' || typeof body === 'symbol') return { answer };
  if (!isStream(body)) return { answer, kept: { body } };
  if (isEventStream(answer)) return { answer };
  const { bytes, rest } = await readUpTo(body, max);
  return bytes
    ? { answer: { ...answer, body: bytes }, kept: { base64: toBase64(bytes) } }
    : { answer: { ...answer, body: rest } };
}

/** The body that was stored. */
export function givenBody(kept: KeptBody): unknown {
  return 'base64' in kept ? fromBase64(kept.base64) : kept.body;
}

function isEventStream({ headers }: HttpResult): boolean {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return String(type).startsWith('text/event-stream');
}

/** The content of a stream; or an equal stream, if the content is longer than `max` bytes or is not bytes. */
async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  max: number,
): Promise<{ readonly bytes?: Uint8Array; readonly rest?: ReadableStream<Uint8Array> }> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    if (!(value instanceof Uint8Array)) return { rest: goingOn(chunks, reader) };
    size += value.length;
    if (size > max) return { rest: goingOn(chunks, reader) };
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes };
}

function goingOn(chunks: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const first = chunks.shift();
      if (first !== undefined) return controller.enqueue(first);
      const { done, value } = await reader.read();
      return done ? controller.close() : controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
