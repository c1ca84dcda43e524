import { withoutCredentials } from '../context/credentials.js';
import { FunctionError } from '../errors.js';
import type { Awaitable } from '../thenable.js';
import { type BodySource, limited, type RawBody } from './body.js';
import { parseCookies } from './cookies.js';
import type { PathMatcher } from './path.js';
import { decodePercent } from './percent.js';
import { parseForm } from './records.js';

/**
 * The headers of a request, read-only. A web `Headers` fits. Names are lower-case; several values are joined by `, `.
 */
export interface HttpHeaders extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** An HTTP request. Destructure what you need: a member costs nothing until it is read. */
export interface HttpEvent<Body = unknown, Query = unknown, Params = Readonly<Record<string, string>>> {
  readonly method: string;
  /** As received: percent-encoded, without the query. */
  readonly path: string;
  /** The `:name` segments of the function's path, decoded. */
  readonly params: Params;
  /**
   * Typed by the `query` schema. Without one, or before parsing: a string for each name, an array for a repeated one.
   */
  readonly query: Query;
  readonly headers: HttpHeaders;
  readonly cookies: Readonly<Record<string, string>>;
  /**
   * Typed by the `body` schema. Without one: a value (JSON), a record (urlencoded), `FormData` (multipart), a string
   * (text) or a `Uint8Array`; undefined if there is no body. Before parsing it is as received: a string, bytes, or a
   * stream that must not be read, because parsing reads it. To read the body before parsing, use `request`.
   */
  readonly body: Body;
  /**
   * The web-standard request. Created on first use; the first one in a Node process costs about 25 ms. Reading a body
   * of more than `maxBodySize` fails with a `content_too_large`.
   */
  readonly request: Request;
}

class HeadersOf implements HttpHeaders {
  readonly #event: HttpRequestEvent;
  constructor(event: HttpRequestEvent) {
    this.#event = event;
  }
  get(name: string): string | null {
    return this.#event.header(name.toLowerCase()) ?? null;
  }
  has(name: string): boolean {
    return this.get(name) !== null;
  }
  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#event.pairs()[Symbol.iterator]();
  }
  /** For log lines. */
  toJSON(): object {
    return withoutCredentials(Object.fromEntries(this));
  }
}

const UNREAD: unique symbol = Symbol();

/**
 * The event of an HTTP function. Each platform has a subclass, whose methods do costly work only on demand. There is
 * one object per request; parsing fills it in.
 */
export abstract class HttpRequestEvent implements HttpEvent {
  abstract readonly method: string;
  abstract readonly path: string;
  /** The allowed methods. Set by a router if the path has functions, but none for this method. */
  declare allow?: string;
  /**
   * Matches the function's path. Set by the caller that runs the function, possibly after a router has read the event.
   */
  declare match: PathMatcher;
  /** In bytes, of the function. Set by the caller that runs it, before anything may read the body. */
  declare maxBodySize: number;
  #params: Readonly<Record<string, string>> | undefined;
  #query: unknown;
  #raw: unknown = UNREAD;
  #body: unknown = UNREAD;
  #request: Request | undefined;

  /** For adapters: the query string, encoded, without the `?`. */
  abstract search(): string;
  /** For adapters: a header by its lower-case name, with several values joined. */
  abstract header(name: string): string | undefined;
  /** For adapters: all headers, with names in lower case. */
  abstract pairs(): Iterable<[string, string]>;
  /**
   * For adapters: the body. Called once. Throws a `bad_request` if the body is not what the platform declares. A stream
   * must fail with a `content_too_large` beyond `maxBodySize`.
   */
  protected abstract source(): BodySource;
  /** For adapters: the full URL. Throws if the host is more than a host, or if a URL has no such path. */
  protected url(scheme = 'https'): string {
    const host = this.header('host') || 'localhost';
    const search = this.search();
    const url = new URL(`${scheme}://${host}${this.path}${search && `?${search}`}`);
    // A host may be more than a host, and a URL resolves dots.
    if (/[?#@]/.test(host) || decodePercent(url.pathname) !== decodePercent(this.path)) throw TypeError();
    return url.href;
  }
  /** For adapters: aborts when the client leaves. */
  protected left?(): AbortSignal | undefined;
  /**
   * For adapters: the body, if it has at most `limit` bytes. A platform that provides a stream reads it here.
   *
   * @throws FunctionError `content_too_large`.
   */
  read(limit: number): Awaitable<RawBody> {
    return limited(this.raw as RawBody, limit);
  }

  get params(): Readonly<Record<string, string>> {
    return this.matches ? (this.#params as Readonly<Record<string, string>>) : {};
  }
  get query(): unknown {
    return (this.#query ??= parseForm(this.search()));
  }
  get headers(): HttpHeaders {
    return new HeadersOf(this);
  }
  get cookies(): Readonly<Record<string, string>> {
    return parseCookies(this.header('cookie') ?? '');
  }
  get body(): unknown {
    return this.#body === UNREAD ? this.raw : this.#body;
  }
  get request(): Request {
    return (this.#request ??= this.toRequest());
  }

  /** Whether the path matches the function's. */
  get matches(): boolean {
    this.#params ??= this.match(this.path);
    return this.#params !== undefined;
  }
  /** The body as received; once a stream has been read, its content. */
  get raw(): BodySource {
    if (this.#raw === UNREAD) this.#raw = this.source();
    return this.#raw as BodySource;
  }
  set raw(body: BodySource) {
    this.#raw = body;
  }
  /** For parsing: replaces the query by the output of its schema. */
  setQuery(query: unknown): void {
    this.#query = query;
  }
  /** For parsing: sets the decoded body, then the output of its schema. */
  setBody(body: unknown): undefined {
    this.#body = body;
  }
  /** For log lines: without the body, credentials, and the platform's own objects, which hold sockets. */
  toJSON(): object {
    const { method, path, params, query, headers } = this;
    return { method, path, params: withoutCredentials(params), query: withoutCredentials(query as object), headers };
  }
  /**
   * Builds the web-standard request. A GET or HEAD request gets no body.
   *
   * @throws FunctionError `bad_request` if there can be no such request: for TRACE, an invalid host or header.
   */
  protected toRequest(raw: BodySource = this.raw): Request {
    const { method } = this;
    const body = method === 'GET' || method === 'HEAD' ? null : (this.#counted(raw) as BodyInit | null);
    const init = { method, headers: [...this.pairs()], body, duplex: 'half', signal: this.left?.() };
    try {
      return new Request(this.url(), init as RequestInit);
    } catch (cause) {
      throw new FunctionError(
        'bad_request',
        'The method, URL or a header of the request is not valid for a web Request.',
        {
          cause,
        },
      );
    }
  }
  /** A body that is too large fails when it is read: until then, the rest of the request is of use. */
  #counted(raw: BodySource): BodySource | null {
    try {
      const body = limited(raw as RawBody, this.maxBodySize);
      // As bytes: a request of text would get a content type that nobody sent.
      return (typeof body === 'string' ? new TextEncoder().encode(body) : body) ?? null;
    } catch (error) {
      return new ReadableStream({ start: (controller) => controller.error(error) });
    }
  }
}
