import type { ServerResponse } from 'node:http';
import type { Awaitable, BodySource, RawBody } from '@tradewind/core/adapter';
import type { NodeBinding } from '../shared/node-answering.js';
import { hasUnread, streamOf } from '../shared/node-body.js';
import { NodeRequestEvent } from '../shared/node-request.js';
import { writeAnswer } from '../shared/node-send.js';
import { copyOf, counted, readSource } from '../shared/stream.js';
import type { GcfMessage } from './types.js';

/** HTTP on Cloud Run functions: Node's own request and response, with a body that the framework has read. */
export const httpBinding: NodeBinding<GcfMessage, GcfRequest> = {
  decode,
  encode: (result, request) => writeAnswer(result, request),
};

function decode(message: GcfMessage, response: ServerResponse): GcfRequest {
  return new GcfRequest(message, response);
}

class GcfRequest extends NodeRequestEvent<GcfMessage> {
  #whole: Awaitable<RawBody>;

  /** The framework has decompressed the body, so the header is hidden. */
  override header(name: string): string | undefined {
    return name === 'content-encoding' && this.message.rawBody ? undefined : super.header(name);
  }
  override pairs(): [string, string][] {
    return [...super.pairs()].filter(([name]) => this.header(name) !== undefined);
  }
  protected source(): BodySource {
    const { message } = this;
    // The framework does not read a body without a content type.
    if (!message.rawBody) return hasUnread(message) ? counted(streamOf(message), this) : undefined;
    // A copy, because other platforms give a Uint8Array, and a Buffer may share its memory with other Buffers.
    return new Uint8Array(message.rawBody);
  }
  /** Once: whoever reads later gets the same. */
  override read(limit: number): Awaitable<RawBody> {
    return (this.#whole ??= readSource(this.raw, limit));
  }
  protected override toRequest(): Request {
    return super.toRequest(copyOf(this));
  }
}
