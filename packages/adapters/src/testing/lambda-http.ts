import type { HttpTrigger } from '@tradewind/core';
import type { FakeRequest } from '@tradewind/core/testing';
import { hostOf } from './host.js';

type Multi = Record<string, string[]>;

/** A request as an API Gateway REST API passes it (payload version 1.0). */
export function toApiGatewayV1(request: FakeRequest, trigger: HttpTrigger): object {
  const multi = multiHeaders(request);
  const query = multiQuery(request.search, true);
  return {
    resource: trigger.path.replace(/:(\w+)/g, '{$1}'),
    path: request.path,
    httpMethod: request.method,
    headers: lastOf(multi),
    multiValueHeaders: multi,
    queryStringParameters: orNull(lastOf(query)),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull({ ...trigger.match(request.path) }),
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'id',
      authorizer: null,
      domainName: hostOf(request) ?? DOMAIN,
      domainPrefix: 'id',
      extendedRequestId: 'request-id',
      httpMethod: request.method,
      identity: { ...NOBODY, sourceIp: '192.0.2.1', userAgent: AGENT },
      path: `/prod${request.path}`,
      protocol: 'HTTP/1.1',
      requestId: 'fake-request',
      requestTime: '01/Jan/1970:00:00:00 +0000',
      requestTimeEpoch: 0,
      resourceId: null,
      resourcePath: trigger.path.replace(/:(\w+)/g, '{$1}'),
      stage: 'prod',
    },
    ...v1Body(request),
  };
}

/** Whether an HTTP API passes the path on as it is: it decodes, also twice, and refuses what it then cannot decode. */
export function keepsPath({ path }: FakeRequest): boolean {
  return !/%(?:2f|3f|25)/i.test(path) && decodePercent(path) !== undefined;
}

/** A request as an API Gateway HTTP API passes it (payload version 2.0): its path is decoded. */
export function toHttpApi(request: FakeRequest, trigger: HttpTrigger): object {
  const params = { ...trigger.match(request.path) };
  const routeKey = `${request.method} ${trigger.path.replace(/:(\w+)/g, '{$1}')}`;
  const domainName = hostOf(request) ?? DOMAIN;
  const event = v2(request, { rawPath: decodePercent(request.path) as string, routeKey, domainName });
  return { ...event, ...(Object.keys(params).length > 0 && { pathParameters: params }) };
}

/** A request as a function URL passes it: its path is as it was sent, and its cookies are also a header. */
export function toFunctionUrl(request: FakeRequest): object {
  const domainName = hostOf(request) ?? 'id.lambda-url.us-east-1.on.aws';
  const event = v2(request, { rawPath: request.path, routeKey: '$default', domainName });
  const cookie = request.cookies.length > 0 && { cookie: request.cookies.join('; ') };
  return { ...event, headers: { ...event.headers, ...cookie } };
}

interface FrontEnd {
  readonly rawPath: string;
  readonly routeKey: string;
  readonly domainName: string;
}

function v2(request: FakeRequest, { rawPath, routeKey, domainName }: FrontEnd): { readonly headers: object } {
  const { method, path, search, cookies } = request;
  const headers = Object.entries({ ...multiHeaders(request, false), host: [domainName] });
  const query = Object.entries(multiQuery(search, true));
  const joined = (all: readonly [string, readonly string[]][]): object =>
    Object.fromEntries(all.map(([name, values]) => [name, values.join(',')]));
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: search,
    ...(cookies.length > 0 && { cookies: cookies.map(fromBytes) }),
    headers: joined(headers),
    ...(search !== '' && { queryStringParameters: joined(query) }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'id',
      domainName,
      domainPrefix: 'id',
      http: {
        method,
        path: decodePercent(path) ?? path,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: AGENT,
      },
      requestId: 'fake-request',
      routeKey,
      stage: '$default',
      time: '01/Jan/1970:00:00:00 +0000',
      timeEpoch: 0,
    },
    ...(request.body !== undefined && { body: encoded(request).body }),
    isBase64Encoded: encoded(request).isBase64Encoded,
  } as { readonly headers: object };
}

/** A request as an Application Load Balancer passes it, with or without multi-value headers. */
export function toAlb(request: FakeRequest, multiValue: boolean): object {
  const headers = multiHeaders(request);
  const query = multiQuery(request.search, false);
  return {
    requestContext: {
      elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/fake/0123456789abcdef' },
    },
    httpMethod: request.method,
    path: request.path,
    ...(multiValue
      ? { multiValueQueryStringParameters: query, multiValueHeaders: headers }
      : { queryStringParameters: lastOf(query), headers: lastOf(headers) }),
    ...v1Body(request),
    body: encoded(request).body ?? '',
  };
}

const DOMAIN = 'id.execute-api.us-east-1.amazonaws.com';
const AGENT = 'tradewind-fake';
/** What a REST API passes for an anonymous caller. */
const NOBODY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

function multiHeaders(request: FakeRequest, withCookies = true): Multi {
  const { headers, cookies } = request;
  const multi: Multi = Object.create(null);
  if (hostOf(request) === undefined) multi.host = [DOMAIN];
  for (const [name, value] of headers) (multi[name] ??= []).push(fromBytes(value));
  if (withCookies && cookies.length > 0) multi.cookie = [fromBytes(cookies.join('; '))];
  return { ...multi };
}

/** A header's value in an event: a fake has one character per byte, as on the network, which the front ends decode. */
function fromBytes(value: string): string {
  return Buffer.from(value, 'latin1').toString();
}

function decodePercent(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** API Gateway decodes the query; a load balancer does not. */
function multiQuery(search: string, decode: boolean): Multi {
  const multi: Multi = Object.create(null);
  for (const pair of search === '' ? [] : search.split('&')) {
    const [name = '', value = ''] = pair.split('=', 2);
    const read = (text: string): string => (decode ? decodeURIComponent(text.replaceAll('+', ' ')) : text);
    (multi[read(name)] ??= []).push(read(value));
  }
  return { ...multi };
}

function lastOf(multi: Multi): Record<string, string> {
  return Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values.at(-1) as string]));
}

function orNull<T extends object>(record: T): T | null {
  return Object.keys(record).length > 0 ? record : null;
}

function v1Body(request: FakeRequest): object {
  const { body, isBase64Encoded } = encoded(request);
  return { body: body ?? null, isBase64Encoded };
}

function encoded({ body }: FakeRequest): { body: string | undefined; isBase64Encoded: boolean } {
  if (body === undefined || typeof body === 'string') return { body, isBase64Encoded: false };
  return { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}
