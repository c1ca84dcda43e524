import type { ServerResponse } from 'node:http';
import type { BodySource } from '@tradewind/core/adapter';
import { NodeRequestEvent, writeAnswer } from '../shared/node-request.js';
import type { GcfMessage } from './types.js';

/** HTTP on Cloud Run functions: Node's own request and response, with a body that has been read. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof writeAnswer } = {
  decode,
  encode: writeAnswer,
};

function decode(message: GcfMessage, response: ServerResponse): GcfRequest {
  return new GcfRequest(message, response);
}

class GcfRequest extends NodeRequestEvent<GcfMessage> {
  /** What was compressed is not any more. */
  override header(name: string): string | undefined {
    return name === 'content-encoding' ? undefined : super.header(name);
  }
  protected source(): BodySource {
    const { rawBody } = this.message;
    // A copy: a Buffer is another thing than what other platforms give, and shares its memory with other ones.
    return rawBody && new Uint8Array(rawBody);
  }
}
