/** A request that is sent to every host. */
export interface HostRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A response as a client of any host sees it. */
export interface HostAnswer {
  readonly status: number;
  readonly type: string;
  readonly cookies: readonly string[];
  readonly many: string;
  readonly body: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const INSIDE = { ...JSON_TYPE, authorization: 'Bearer let-me-in' };

export const REQUESTS: readonly HostRequest[] = [
  {
    name: 'JSON, query, cookies',
    method: 'POST',
    path: '/echo/a%20b',
    search: 'q=1&q=2&r=%2F',
    headers: { ...JSON_TYPE, cookie: 'a=1; b=%20' },
    body: '{"x":[1]}',
  },
  {
    name: 'a form',
    method: 'POST',
    path: '/echo/form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'a=1&a=2&b=%26',
  },
  {
    name: 'multipart',
    method: 'POST',
    path: '/echo/multi',
    headers: { 'content-type': 'multipart/form-data; boundary=xx' },
    body: '--xx\r\ncontent-disposition: form-data; name="f"\r\n\r\nv\r\n--xx--\r\n',
  },
  {
    name: 'text',
    method: 'POST',
    path: '/echo/text',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'grüße',
  },
  {
    name: 'bytes',
    method: 'POST',
    path: '/echo/bytes',
    headers: { 'content-type': 'application/octet-stream' },
    body: 'abc',
  },
  // `fetch` sets no content type for bytes.
  { name: 'bytes of no type', method: 'POST', path: '/echo/bytes', body: new Uint8Array([0, 255]) },
  { name: 'no body', method: 'POST', path: '/echo/none' },
  { name: 'invalid JSON', method: 'POST', path: '/echo/bad', headers: JSON_TYPE, body: '{' },
  {
    name: 'a polluted body',
    method: 'POST',
    path: '/echo/bad',
    headers: JSON_TYPE,
    body: '{"__proto__":{"admin":true}}',
  },
  {
    name: 'too large',
    method: 'POST',
    path: '/echo/big',
    headers: JSON_TYPE,
    body: JSON.stringify({ x: 'x'.repeat(120_000) }),
  },
  { name: 'not for everybody', method: 'POST', path: '/secret', headers: JSON_TYPE, body: '{' },
  { name: 'inside, wrong', method: 'POST', path: '/secret', headers: INSIDE, body: '{"id":7}' },
  { name: 'inside, right', method: 'POST', path: '/secret', headers: INSIDE, body: '{"id":"7"}' },
  {
    name: 'inside, unsupported',
    method: 'POST',
    path: '/secret',
    headers: { ...INSIDE, 'content-type': 'text/csv' },
    body: 'id\n7',
  },
  {
    name: 'inside, JSON as a form',
    method: 'POST',
    path: '/secret',
    headers: { ...INSIDE, 'content-type': 'application/x-www-form-urlencoded' },
    body: '{"id":"7"}',
  },
  {
    name: 'inside, unlabelled',
    method: 'POST',
    path: '/secret',
    headers: { authorization: 'Bearer let-me-in' },
    body: new TextEncoder().encode('{"id":"7"}'),
  },
  { name: 'a byte order mark', method: 'POST', path: '/echo/mark', headers: JSON_TYPE, body: '\ufeff{"x":1}' },
  {
    name: 'a byte order mark in text',
    method: 'POST',
    path: '/echo/mark',
    headers: { 'content-type': 'text/plain' },
    body: '\ufeffx',
  },
  { name: 'read before parsing', method: 'POST', path: '/verified', headers: JSON_TYPE, body: '{"x":1}' },
  {
    name: 'read before parsing, too large',
    method: 'POST',
    path: '/verified',
    headers: JSON_TYPE,
    body: JSON.stringify({ x: 'x'.repeat(120_000) }),
  },
  { name: 'binary', method: 'GET', path: '/binary' },
  { name: 'a stream', method: 'GET', path: '/streamed' },
  { name: 'HEAD', method: 'HEAD', path: '/streamed' },
  { name: 'nothing', method: 'GET', path: '/nothing' },
  { name: 'response splitting', method: 'GET', path: '/splitter' },
  { name: 'a throw', method: 'GET', path: '/thrower' },
  { name: 'a FunctionError', method: 'GET', path: '/gone' },
  { name: 'variables', method: 'GET', path: '/variables' },
  { name: 'unknown path', method: 'GET', path: '/no/such/thing' },
  // Azure's host ignores case.
  { name: 'another case', method: 'POST', path: '/ECHO/x' },
  { name: 'wrong method', method: 'PUT', path: '/binary' },
];

/** The request as a function URL passes it. */
export function toV2({ method, path, search = '', headers = {}, body }: HostRequest): object {
  const { cookie } = headers;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: search,
    ...(cookie && { cookies: cookie.split('; ') }),
    headers: { host: 'localhost', ...headers },
    requestContext: {
      domainName: 'id.lambda-url.us-east-1.on.aws',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      stage: '$default',
    },
    ...(body !== undefined && { body: Buffer.from(body as string).toString('base64') }),
    isBase64Encoded: body !== undefined,
  };
}

/** Converts Lambda's result to a response as API Gateway does. */
export function fromV2(value: unknown): HostAnswer {
  const {
    statusCode,
    headers,
    cookies = [],
    body,
    isBase64Encoded,
  } = value as {
    statusCode: number;
    headers: Record<string, string>;
    cookies?: string[];
    body: string;
    isBase64Encoded: boolean;
  };
  return {
    status: statusCode,
    type: headers['content-type'] ?? '',
    cookies,
    many: headers['x-many'] ?? '',
    body: isBase64Encoded ? body : Buffer.from(body).toString('base64'),
  };
}

/** Converts a web-standard response. */
export async function fromWeb(response: Response): Promise<HostAnswer> {
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    cookies: response.headers.getSetCookie(),
    many: response.headers.get('x-many') ?? '',
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  };
}
