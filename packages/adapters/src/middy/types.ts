/** What is used of a middleware of middy's. */
export interface MiddyMiddleware {
  // biome-ignore lint/suspicious/noExplicitAny: each has an event, a context and an answer of its own
  before?(request: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each has an event, a context and an answer of its own
  after?(request: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each has an event, a context and an answer of its own
  onError?(request: any): unknown;
}

/** A request as API Gateway's HTTP APIs have it, payload 2.0: what middlewares see on every platform. */
export interface MiddyEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Record<string, string>;
  readonly cookies?: readonly string[];
  readonly queryStringParameters?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  /** API Gateway's own on Lambda. Elsewhere what only it knows, `authorizer` say, is an error that says so. */
  readonly requestContext: {
    readonly http: { readonly method: string; readonly path: string };
    // biome-ignore lint/suspicious/noExplicitAny: each gateway and each authorizer adds something else
    readonly [name: string]: any;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  /** What middlewares have added: a parsed body, preferred languages. */
  // biome-ignore lint/suspicious/noExplicitAny: each adds something else
  readonly [name: string]: any;
}

/** An answer as API Gateway takes it. */
export interface MiddyResponse {
  statusCode?: number | string;
  headers?: Record<string, string | number | boolean | undefined>;
  /** Headers that have several values, as a REST API and a load balancer take them; merged with `headers`. */
  multiValueHeaders?: Record<string, readonly (string | number | boolean)[] | undefined>;
  cookies?: readonly string[] | string;
  body?: unknown;
  isBase64Encoded?: boolean;
}
