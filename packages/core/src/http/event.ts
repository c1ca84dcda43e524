import { FunctionError } from '../errors.js';
import type { Awaitable } from '../thenable.js';
import { type BodySource, limited, type RawBody } from './body.js';
import { parseCookies } from './cookies.js';
import type { PathMatcher } from './path.js';
import { parseForm } from './records.js';

/** The headers of a request, to read. A web `Headers` is one. Names are lower-case; several values are joined by `, `. */
export interface HttpHeaders extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** An HTTP request. Destructure what you need: a part costs nothing until it is read. */
export interface HttpEvent<Body = unknown, Query = unknown, Params = Readonly<Record<string, string>>> {
  readonly method: string;
  /** As it came, still percent-encoded, without the query. */
  readonly path: string;
  /** The `:name` segments of the function's path, decoded. */
  readonly params: Params;
  /** By the `query` schema; without one, or before parsing, a string for each name, an array where it came twice. */
  readonly query: Query;
  readonly headers: HttpHeaders;
  readonly cookies: Readonly<Record<string, string>>;
  /**
   * By the `body` schema; without one a value (JSON), a record (urlencoded), `FormData` (multipart), a string (text) or
   * a `Uint8Array`; undefined where there is none. Before parsing as it came: a text, bytes, or a stream that is not to
   * be read here, since parsing reads it: what needs the body before asks `request`.
   */
  readonly body: Body;
  /** The web-standard request. Made when it is read, and the first one in a Node process costs some 25 ms. */
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
}

const UNREAD: unique symbol = Symbol();
/** The headers that tell who a caller is, to whoever reads them. */
const CREDENTIALS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie'];

/**
 * The event of an HTTP function: a class per platform, whose methods do what costs something when it is asked for, over
 * what is the same on every platform. One object a request, which parsing fills in.
 */
export abstract class HttpRequestEvent implements HttpEvent {
  abstract readonly method: string;
  abstract readonly path: string;
  /** The methods that the path has, where a router found that this one is not among them. */
  declare allow?: string;
  /** The function's path. Set by whoever runs it, which may be after a router has read the request. */
  declare match: PathMatcher;
  #params: Readonly<Record<string, string>> | undefined;
  #query: unknown;
  #raw: unknown = UNREAD;
  #body: unknown = UNREAD;
  #request: Request | undefined;

  /** For adapters: the query string, encoded, without the `?`. */
  abstract search(): string;
  /** For adapters: one header by its lower-case name, several values joined. */
  abstract header(name: string): string | undefined;
  /** For adapters: every header, names in lower case. */
  abstract pairs(): Iterable<[string, string]>;
  /** For adapters: the body. Called once; throws a `bad_request` where it is not what the platform says it is. */
  protected abstract source(): BodySource;
  /** For adapters: the whole address. */
  protected url(): string {
    const search = this.search();
    return `https://${this.header('host') ?? 'localhost'}${this.path}${search && `?${search}`}`;
  }
  /**
   * For adapters: the body, at most `limit` bytes of it. A platform that hands over a stream reads it here.
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

  /** Whether the path is the function's. */
  get matches(): boolean {
    this.#params ??= this.match(this.path);
    return this.#params !== undefined;
  }
  /** The body as it came; once a stream has been read, what was in it. */
  get raw(): BodySource {
    if (this.#raw === UNREAD) this.#raw = this.source();
    return this.#raw as BodySource;
  }
  set raw(body: BodySource) {
    this.#raw = body;
  }
  /** Parsing replaces what came by what the schemas made of it. */
  setQuery(query: unknown): void {
    this.#query = query;
  }
  setBody(body: unknown): undefined {
    this.#body = body;
  }
  /** For log lines: what a request is, without its body. What the platform has beside it holds connections and credentials. */
  toJSON(): object {
    const { method, path, params, query } = this;
    const headers = Array.from(this.pairs(), ([name, value]) => [
      name,
      CREDENTIALS.includes(name) ? '[redacted]' : value,
    ]);
    return { method, path, params, query, headers: Object.fromEntries(headers) };
  }
  /**
   * Builds the web-standard request; one that may not have a body gets none.
   *
   * @throws FunctionError `bad_request` for what the web has no request for: TRACE, or a host that is none.
   */
  protected toRequest(raw: BodySource = this.raw): Request {
    const { method } = this;
    const body = method === 'GET' || method === 'HEAD' ? null : ((raw ?? null) as BodyInit | null);
    const init = { method, headers: [...this.pairs()], body, duplex: 'half' };
    try {
      return new Request(this.url(), init as RequestInit);
    } catch (cause) {
      throw new FunctionError('bad_request', 'No web request has such a method, host or address.', { cause });
    }
  }
}
