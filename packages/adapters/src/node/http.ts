import type { IncomingMessage, ServerResponse } from 'node:http';
import { FunctionError } from '@tradewind/core';
import { type BodySource, checkSize, type RawBody } from '@tradewind/core/adapter';
import { NodeRequestEvent, webStream, writeAnswer } from '../shared/node-request.js';
import { copyOf, counted, readStream } from '../shared/stream.js';

/** HTTP on Node's own server. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof writeAnswer } = {
  decode,
  encode: writeAnswer,
};

function decode(message: IncomingMessage, response: ServerResponse): NodeRequest {
  return new NodeRequest(message, response);
}

/** A request with an unread body. */
class NodeRequest extends NodeRequestEvent<IncomingMessage> {
  #stream: ReadableStream<Uint8Array> | undefined;

  protected source(): BodySource {
    this.#stream ??= counted(webStream(this.message), this.maxBodySize);
    return this.#stream;
  }
  /** Reads the message directly, unless a layer has used the web stream. */
  override read(limit: number): Promise<RawBody> {
    return this.#stream ? readStream(this.raw as ReadableStream<Uint8Array>, limit) : readAll(this.message, limit);
  }
  protected override toRequest(): Request {
    return super.toRequest(copyOf(this));
  }
}

/**
 * Reads with events instead of a loop: leaving the loop early would destroy the connection before the response is sent.
 */
function readAll(message: IncomingMessage, limit: number): Promise<RawBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      try {
        checkSize(size, limit);
      } catch (error) {
        message.off('data', onData).pause();
        reject(error);
      }
    };
    message.on('data', onData);
    // The client is gone, and the function is not at fault.
    message.once('error', (cause) =>
      reject(new FunctionError('bad_request', 'The request ended before its whole body was received.', { cause })),
    );
    // A copy, because other platforms give a Uint8Array, and a Buffer may share its memory with other Buffers.
    message.once('end', () => resolve(size === 0 ? undefined : new Uint8Array(Buffer.concat(chunks))));
  });
}
