import type { BodySource, FinalResult, HttpSource } from '@tradewind/core/adapter';
import { splitUrl } from '../shared/http.js';

/** HTTP on Workers: web-standard requests and responses. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(request: Request): HttpSource {
  return new RequestSource(request);
}

class RequestSource implements HttpSource {
  readonly method: string;
  readonly path: string;
  readonly #request: Request;
  readonly #search: string;
  constructor(request: Request) {
    const { path, search } = splitUrl(request.url);
    this.#request = request;
    this.#search = search;
    this.method = request.method;
    this.path = path;
  }
  search(): string {
    return this.#search;
  }
  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }
  headers(): Iterable<[string, string]> {
    return this.#request.headers as unknown as Iterable<[string, string]>;
  }
  cookies(): string | undefined {
    return this.header('cookie');
  }
  body(): BodySource {
    return this.#request.body ?? undefined;
  }
  /** The request itself until its body has been read; then one with the same body. */
  request(body: BodySource): Request {
    if (!this.#request.bodyUsed) return this.#request;
    const { method, headers } = this.#request;
    return new Request(this.#request.url, { method, headers, body: (body ?? null) as BodyInit | null });
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
