import type { BodySource } from './body.js';
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
   * a `Uint8Array`; undefined where there is none. Before parsing the text or the bytes as they came.
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
  #query: unknown = UNREAD;
  #body: unknown = UNREAD;
  #raw: unknown = UNREAD;
  #headers: HttpHeaders | undefined;
  #cookies: Readonly<Record<string, string>> | undefined;
  #request: Request | undefined;

  /** For adapters: the query string, encoded, without the `?`. */
  abstract search(): string;
  /** For adapters: one header by its lower-case name, several values joined. */
  abstract header(name: string): string | undefined;
  /** For adapters: every header, names in lower case. */
  abstract pairs(): Iterable<[string, string]>;
  /** For adapters: the `Cookie` header, all cookies in it. */
  cookieHeader(): string | undefined {
    return this.header('cookie');
  }
  /** For adapters: the body. Called once; throws a `bad_request` where it is not what the platform says it is. */
  protected abstract source(): BodySource;
  /** For adapters: the web-standard request, with a body that may have been read by now. */
  protected abstract toRequest(body: BodySource): Request;

  get params(): Readonly<Record<string, string>> {
    return this.matches ? (this.#params as Readonly<Record<string, string>>) : Object.create(null);
  }
  get query(): unknown {
    if (this.#query === UNREAD) this.#query = parseForm(this.search());
    return this.#query;
  }
  get headers(): HttpHeaders {
    return (this.#headers ??= new HeadersOf(this));
  }
  get cookies(): Readonly<Record<string, string>> {
    return (this.#cookies ??= parseCookies(this.cookieHeader() ?? ''));
  }
  get body(): unknown {
    return this.#body === UNREAD ? this.raw : this.#body;
  }
  get request(): Request {
    return (this.#request ??= this.toRequest(this.raw));
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
  setBody(body: unknown): void {
    this.#body = body;
  }
}

/** Builds a web-standard request; one that may not have a body gets none. */
export function buildRequest(url: string, event: HttpRequestEvent, body: BodySource): Request {
  const { method } = event;
  const sent = method === 'GET' || method === 'HEAD' ? null : ((body ?? null) as BodyInit | null);
  return new Request(url, { method, headers: [...event.pairs()], body: sent });
}
