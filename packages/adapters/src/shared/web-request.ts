import { type Awaitable, type BodySource, HttpRequestEvent, type RawBody } from '@tradewind/core/adapter';
import { checkDeclared, counted, readSource } from './stream.js';

/** The members that a web-standard request and similar platform types have in common. */
export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Pick<Headers, 'get'>;
  readonly body: unknown;
}

/** A request on a platform with web-standard requests. */
export class WebRequestEvent<Native extends WebRequest> extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly native: Native;
  readonly #search: string;
  #isTouched = false;
  #whole: Awaitable<RawBody>;
  constructor(native: Native, toPath: (path: string) => string = (path) => path) {
    super();
    const { path, search } = splitUrl(native.url);
    this.native = native;
    this.#search = search;
    this.method = native.method;
    this.path = toPath(path);
  }
  search(): string {
    return this.#search;
  }
  header(name: string): string | undefined {
    return this.native.headers.get(name) ?? undefined;
  }
  pairs(): Iterable<[string, string]> {
    return this.native.headers as unknown as Iterable<[string, string]>;
  }
  protected source(): BodySource {
    this.#isTouched = true;
    return this.#stream && counted(this.#stream, this);
  }
  /** Once: whoever reads later gets the same. */
  override read(limit: number): Awaitable<RawBody> {
    return (this.#whole ??= readSource(this.unread(), limit));
  }
  /** The platform's own stream, which is faster, unless a layer has used the body. */
  protected unread(): BodySource {
    if (this.#isTouched) return this.raw;
    checkDeclared(this);
    return this.#stream;
  }
  get #stream(): ReadableStream<Uint8Array> | undefined {
    return (this.native.body as ReadableStream<Uint8Array> | null) ?? undefined;
  }
  protected override url(): string {
    return this.native.url;
  }
}

/** The encoded `path` and `search` of a URL. A `URL` would normalise them, and is slower. */
function splitUrl(url: string): { path: string; search: string } {
  const [, path = '/', search = ''] = /^\w+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(url) ?? [];
  return { path, search };
}
