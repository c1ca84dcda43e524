import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { FunctionError } from '@tradewind/core';
import { type BodySource, checkSize, type RawBody } from '@tradewind/core/adapter';
import { NodeRequestEvent, writeAnswer } from '../shared/node-request.js';
import { copyOf, readStream } from '../shared/stream.js';

/** HTTP on Node's own server. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof writeAnswer } = {
  decode,
  encode: writeAnswer,
};

function decode(message: IncomingMessage, response: ServerResponse): NodeRequest {
  return new NodeRequest(message, response);
}

/** A request whose body is still to come. */
class NodeRequest extends NodeRequestEvent<IncomingMessage> {
  #stream: ReadableStream<Uint8Array> | undefined;

  protected source(): BodySource {
    this.#stream ??= Readable.toWeb(this.message) as ReadableStream<Uint8Array>;
    return this.#stream;
  }
  /** Without a web stream, unless a layer has asked for one. */
  override read(limit: number): Promise<RawBody> {
    return this.#stream ? readStream(this.raw as ReadableStream<Uint8Array>, limit) : readAll(this.message, limit);
  }
  protected override toRequest(): Request {
    return super.toRequest(copyOf(this));
  }
}

/** Does not iterate over the request: leaving a loop early would destroy the connection that the answer wants. */
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
    // Nobody is there to be answered, and it is no fault of the function's.
    message.once('error', (cause) =>
      reject(new FunctionError('bad_request', 'The request broke off before its body was there.', { cause })),
    );
    // A copy: a Buffer is another thing than what other platforms give, and shares its memory with other ones.
    message.once('end', () => resolve(size === 0 ? undefined : new Uint8Array(Buffer.concat(chunks))));
  });
}
