/** A middy middleware. */
export interface MiddyMiddleware {
  // biome-ignore lint/suspicious/noExplicitAny: each has its own event, context and response
  before?(request: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each has its own event, context and response
  after?(request: any): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each has its own event, context and response
  onError?(request: any): unknown;
}

/** An API Gateway HTTP API event (payload version 2.0): the request that middlewares see on every platform. */
export interface MiddyEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Record<string, string>;
  readonly cookies?: readonly string[];
  readonly queryStringParameters?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  /** API Gateway's own on Lambda. Elsewhere, reading what only API Gateway provides, such as `authorizer`, throws. */
  readonly requestContext: {
    readonly http: { readonly method: string; readonly path: string };
    // biome-ignore lint/suspicious/noExplicitAny: each gateway and each authorizer adds something else
    readonly [name: string]: any;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  /** What middlewares have added, such as a parsed body or preferred languages. */
  // biome-ignore lint/suspicious/noExplicitAny: each adds something else
  readonly [name: string]: any;
}

/** A response in API Gateway's format. */
export interface MiddyResponse {
  statusCode?: number | string;
  headers?: Record<string, string | number | boolean | undefined>;
  /** Headers with several values, as REST APIs and load balancers accept them; merged with `headers`. */
  multiValueHeaders?: Record<string, readonly (string | number | boolean)[] | undefined>;
  cookies?: readonly string[] | string;
  body?: unknown;
  isBase64Encoded?: boolean;
}
