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

/** What a binding knows of a request: a class per platform, with a method for what costs something. */
export interface HttpSource {
  readonly method: string;
  readonly path: string;
  /** The query string, encoded, without the `?`. */
  search(): string;
  /** One header by its lower-case name, several values joined. */
  header(name: string): string | undefined;
  headers(): Iterable<[string, string]>;
  /** The `Cookie` header, all cookies in it. */
  cookies(): string | undefined;
  /** Called once. Throws a `bad_request` where the body is not what the platform says it is. */
  body(): BodySource;
  /** The platform's own request, or one built from `body`, which may have been read by now. */
  request(body: BodySource): Request;
}

class SourceHeaders implements HttpHeaders {
  readonly #source: HttpSource;
  constructor(source: HttpSource) {
    this.#source = source;
  }
  get(name: string): string | null {
    return this.#source.header(name.toLowerCase()) ?? null;
  }
  has(name: string): boolean {
    return this.#source.header(name.toLowerCase()) !== undefined;
  }
  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#source.headers()[Symbol.iterator]();
  }
}

const UNREAD: unique symbol = Symbol();

/** The event that adapters hand to an HTTP function. Parsing fills it in. */
export class HttpRequestEvent implements HttpEvent {
  readonly method: string;
  readonly path: string;
  readonly source: HttpSource;
  /** The methods that the path has, where a router found that this one is not among them. */
  allow: string | undefined;
  #read: unknown = UNREAD;
  readonly #match: PathMatcher;
  #params: Readonly<Record<string, string>> | undefined;
  #query: unknown = UNREAD;
  #body: unknown = UNREAD;
  #headers: HttpHeaders | undefined;
  #cookies: Readonly<Record<string, string>> | undefined;
  #request: Request | undefined;

  constructor(source: HttpSource, match: PathMatcher) {
    this.source = source;
    this.#match = match;
    this.method = source.method;
    this.path = source.path;
  }
  get params(): Readonly<Record<string, string>> {
    return (this.#params ??= this.#match(this.path) ?? Object.create(null));
  }
  get query(): unknown {
    if (this.#query === UNREAD) this.#query = parseForm(this.source.search());
    return this.#query;
  }
  get headers(): HttpHeaders {
    return (this.#headers ??= new SourceHeaders(this.source));
  }
  get cookies(): Readonly<Record<string, string>> {
    return (this.#cookies ??= parseCookies(this.source.cookies() ?? ''));
  }
  /** The body as it came; once a stream has been read, what was in it. */
  get read(): BodySource {
    if (this.#read === UNREAD) this.#read = this.source.body();
    return this.#read as BodySource;
  }
  set read(body: BodySource) {
    this.#read = body;
  }
  get body(): unknown {
    return this.#body === UNREAD ? this.read : this.#body;
  }
  get request(): Request {
    return (this.#request ??= this.source.request(this.read));
  }

  /** Whether the path is the function's. */
  get matches(): boolean {
    this.#params ??= this.#match(this.path);
    return this.#params !== undefined;
  }
  /** Parsing replaces what came by what the schemas made of it. */
  setQuery(query: unknown): void {
    this.#query = query;
  }
  setBody(body: unknown): void {
    this.#body = body;
  }
}
