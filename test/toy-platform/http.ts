import type { AnyFunction } from '@tradewind/core';
import { type BodySource, type FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';
import { bodyFromBase64, toBase64 } from '../../packages/adapters/src/shared/base64.js';
import { foreignEvent } from '../../packages/adapters/src/shared/functions.js';
import { headerIndex } from '../../packages/adapters/src/shared/header-index.js';
import { toHeaders } from '../../packages/adapters/src/shared/web-headers.js';
import type { ToyAnswer, ToyRequest } from './types.ts';

/** HTTP on the toy cloud. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(event: unknown, fn: AnyFunction): ToyHttpRequest {
  if (isRequest(event)) return new ToyHttpRequest(event);
  throw foreignEvent(fn, 'the toy cloud', 'a request', event);
}

/** Whether what a request cannot be without is there. */
function isRequest(event: unknown): event is ToyRequest {
  const { verb, target, head, payload } = Object(event) as Partial<ToyRequest>;
  const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2 && pair.every(isString);
  const hasHead = Array.isArray(head) && head.every(isPair);
  return isString(verb) && isString(target) && hasHead && (payload === null || isString(payload));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

class ToyHttpRequest extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly #search: string;
  readonly #native: ToyRequest;
  #index: Map<string, string> | undefined;

  constructor(native: ToyRequest) {
    super();
    const [path = '', search = ''] = native.target.split(/\?(.*)/s);
    this.method = native.verb;
    this.path = path;
    this.#search = search;
    this.#native = native;
  }
  search(): string {
    return this.#search;
  }
  header(name: string): string | undefined {
    return this.pairs().get(name);
  }
  pairs(): Map<string, string> {
    return (this.#index ??= headerIndex(this.#native.head));
  }
  protected source(): BodySource {
    const { payload } = this.#native;
    return payload ? bodyFromBase64(payload) : undefined;
  }
}

async function encode({ status, headers, cookies, body }: FinalResult): Promise<ToyAnswer> {
  const bytes = body === undefined ? undefined : await new Response(body as BodyInit).bytes();
  return { code: status, head: [...toHeaders(headers, cookies)], payload: bytes ? toBase64(bytes) : null };
}
