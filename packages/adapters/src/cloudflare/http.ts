import { type BodySource, buildRequest, type FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';
import { splitUrl } from '../shared/http.js';

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
  /** The request itself until its body has been read; then one with the same body. */
  protected toRequest(body: BodySource): Request {
    return this.#native.bodyUsed ? buildRequest(this.#native.url, this, body) : this.#native;
  }
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
