import { FunctionError } from '@tradewind/core';
import { type FinalResult, isStream } from '@tradewind/core/adapter';
import { mustBeBytes } from './stream.js';

/** @throws FunctionError `internal` for a stream that was already read: its response would be empty. */
export function checkUnread({ body }: Pick<FinalResult, 'body'>): void {
  if (!isStream(body)) return;
  // Loaded only here, because importing it adds 1.5 ms to every cold start.
  const { Readable } = process.getBuiltinModule('node:stream');
  if (Readable.isDisturbed(body as unknown as NodeJS.ReadableStream)) {
    throw new FunctionError('internal', 'The stream that was returned has already been read.');
  }
}

/** The chunks of a stream, checked. */
export async function* bytesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    mustBeBytes(chunk);
    yield chunk;
  }
}
