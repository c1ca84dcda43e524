import {
  type Awaitable,
  type BodySource,
  type FinalResult,
  HttpRequestEvent,
  limited,
  type RawBody,
} from '@tradewind/core/adapter';
import { readStream } from '../shared/stream.js';

/** HTTP on Workers: web-standard requests and responses. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(request: Request): HttpRequestEvent {
  return new WorkersRequest(request);
}

class WorkersRequest extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly #native: Request;
  readonly #search: string;
  constructor(native: Request) {
    super();
    const { path, search } = splitUrl(native.url);
    this.#native = native;
    this.#search = search;
    this.method = native.method;
    this.path = path;
  }
  search(): string {
    return this.#search;
  }
  header(name: string): string | undefined {
    return this.#native.headers.get(name) ?? undefined;
  }
  pairs(): Iterable<[string, string]> {
    return this.#native.headers as unknown as Iterable<[string, string]>;
  }
  protected source(): BodySource {
    return this.#native.body ?? undefined;
  }
  override read(limit: number): Awaitable<RawBody> {
    const { raw } = this;
    return raw instanceof ReadableStream ? readStream(raw, limit) : limited(raw, limit);
  }
  protected url(): string {
    return this.#native.url;
  }
  /** Until the body has been read a copy, so that who reads it takes nothing from parsing; then one with the same body. */
  protected override toRequest(): Request {
    return this.#native.bodyUsed ? super.toRequest() : this.#native.clone();
  }
}

/** The `path` and the `search` of a URL, both still encoded: a `URL` would normalise them, and costs more. */
function splitUrl(url: string): { path: string; search: string } {
  const [, path = '/', search = ''] = /^\w+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(url) ?? [];
  return { path, search };
}

function encode({ status, headers, cookies, body }: FinalResult): Response {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') sent.set(name, value);
    else for (const one of value) sent.append(name, one);
  }
  for (const cookie of cookies) sent.append('set-cookie', cookie);
  return new Response((body ?? null) as BodyInit | null, { status, headers: sent });
}
