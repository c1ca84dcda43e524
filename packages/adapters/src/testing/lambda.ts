import type { CloudEvent, HttpTrigger } from '@tradewind/core';
import type { FakeRequest } from '@tradewind/core/testing';

type Multi = Record<string, string[]>;

/** A request as an API Gateway REST API passes it (payload version 1.0). */
export function toApiGatewayV1(request: FakeRequest, trigger: HttpTrigger<unknown, unknown>): object {
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
      domainName: DOMAIN,
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

/** A request as an API Gateway HTTP API or a function URL passes it (payload version 2.0). */
export function toApiGatewayV2(request: FakeRequest, trigger: HttpTrigger<unknown, unknown>): object {
  const query = multiQuery(request.search, true);
  const headers = Object.fromEntries(
    Object.entries(multiHeaders(request, false)).map(([name, values]) => [name, values.join(',')]),
  );
  const route = `${request.method} ${trigger.path.replace(/:(\w+)/g, '{$1}')}`;
  const params = { ...trigger.match(request.path) };
  return {
    version: '2.0',
    routeKey: route,
    rawPath: request.path,
    rawQueryString: request.search,
    ...(request.cookies.length > 0 && { cookies: request.cookies }),
    headers,
    ...(request.search !== '' && {
      queryStringParameters: Object.fromEntries(
        Object.entries(query).map(([name, values]) => [name, values.join(',')]),
      ),
    }),
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api-id',
      domainName: DOMAIN,
      domainPrefix: 'id',
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: AGENT,
      },
      requestId: 'fake-request',
      routeKey: route,
      stage: '$default',
      time: '01/Jan/1970:00:00:00 +0000',
      timeEpoch: 0,
    },
    ...(request.body !== undefined && { body: encoded(request).body }),
    isBase64Encoded: encoded(request).isBase64Encoded,
  };
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

/** An SQS message as Lambda passes it. */
export function toSqsRecord(message: CloudEvent, queue: string, attempt: number): object {
  const sent = String(Date.parse(message.time ?? '') || 0);
  return {
    messageId: message.id,
    receiptHandle: `receipt-${message.id}`,
    body: typeof message.data === 'string' ? message.data : JSON.stringify(message.data ?? null),
    attributes: {
      ApproximateReceiveCount: String(attempt),
      SentTimestamp: sent,
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: sent,
    },
    messageAttributes: toAttributes(message),
    md5OfBody: '00000000000000000000000000000000',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
    awsRegion: 'us-east-1',
  };
}

/** An event, or a scheduled time, as EventBridge passes it. */
export function toEventBridge({ id, source, time, data }: CloudEvent, type: string, isSchedule: boolean): object {
  return {
    version: '0',
    id,
    'detail-type': isSchedule ? 'Scheduled Event' : type,
    source: isSchedule ? 'aws.events' : source,
    account: '123456789012',
    time,
    region: 'us-east-1',
    resources: isSchedule ? ['arn:aws:events:us-east-1:123456789012:rule/fake'] : [],
    detail: isSchedule ? {} : data,
  };
}

/** The sender's message attributes. What SQS itself reports is in `attributes`. */
function toAttributes({ extensions, traceparent, tracestate }: CloudEvent): object {
  const own = { traceparent, tracestate, ...extensions, messagegroupid: undefined, awstraceheader: undefined };
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, { stringValue: String(value), stringListValues: [], binaryListValues: [], dataType: 'String' }]],
    ),
  );
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

function multiHeaders({ headers, cookies }: FakeRequest, withCookies = true): Multi {
  const multi: Multi = Object.create(null);
  multi.host = [DOMAIN];
  for (const [name, value] of headers) (multi[name] ??= []).push(value);
  if (withCookies && cookies.length > 0) multi.cookie = [cookies.join('; ')];
  return { ...multi };
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
