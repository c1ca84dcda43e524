import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Awaitable, BodySource, RawBody } from '@tradewind/core/adapter';
import { hasBody, readAll, streamOf } from '../shared/node-body.js';
import { NodeRequestEvent } from '../shared/node-request.js';
import { checkDeclared, copyOf, counted, readStream } from '../shared/stream.js';

/** Makes the event of a request on Node's own server. */
export function decode(message: IncomingMessage, response: ServerResponse): NodeRequest {
  return new NodeRequest(message, response);
}

/** A request with an unread body. */
class NodeRequest extends NodeRequestEvent<IncomingMessage> {
  #stream: ReadableStream<Uint8Array> | undefined;
  #whole: Awaitable<RawBody>;

  protected source(): BodySource {
    if (hasBody(this.message)) this.#stream ??= counted(streamOf(this.message), this);
    return this.#stream;
  }
  /** Once: whoever reads later gets the same. */
  override read(limit: number): Awaitable<RawBody> {
    return (this.#whole ??= this.#read(limit));
  }
  /** Reads the message directly, unless a layer has used the web stream. */
  #read(limit: number): Awaitable<RawBody> {
    if (this.#stream) return readStream(this.raw as ReadableStream<Uint8Array>, limit);
    if (!hasBody(this.message)) return undefined;
    checkDeclared(this);
    return readAll(this.message, limit);
  }
  protected override toRequest(): Request {
    return super.toRequest(copyOf(this));
  }
}
