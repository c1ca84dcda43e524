import type {
  ALBEvent,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  EventBridgeEvent,
  LambdaFunctionURLEvent,
  ScheduledEvent,
  SQSEvent,
} from 'aws-lambda';

/**
 * The last segment of each path below, as a client sends it. HTTP APIs decode a path, and refuse this one; they have
 * one that they accept.
 */
const SENT = 'p%2Fa%25t%3Fh%23%20%C3%A9';
const DECODED = 'p/a%t?h# é';
const FOR_HTTP_API = 'path# é';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (2.0) */
export const apiGatewayV2: APIGatewayProxyEventV2 = {
  version: '2.0',
  routeKey: '$default',
  rawPath: `/my/${FOR_HTTP_API}`,
  rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
  cookies: ['cookie1=one', 'cookie2=two'],
  headers: { header1: 'value1', header2: 'value1,value2', 'content-type': 'text/plain' },
  queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'api-id',
    authentication: {
      clientCert: {
        clientCertPem: 'CERT_CONTENT',
        subjectDN: 'www.example.com',
        issuerDN: 'Example issuer',
        serialNumber: 'a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1',
        validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
      },
    },
    domainName: 'id.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'id',
    http: {
      method: 'POST',
      path: `/my/${FOR_HTTP_API}`,
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'agent',
    },
    requestId: 'id',
    routeKey: '$default',
    stage: '$default',
    time: '12/Mar/2020:19:03:58 +0000',
    timeEpoch: 1583348638390,
  },
  body: 'Hello from Lambda',
  pathParameters: { parameter1: 'value1' },
  isBase64Encoded: false,
  stageVariables: { stageVariable1: 'value1', stageVariable2: 'value2' },
};

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export const functionUrl: LambdaFunctionURLEvent = {
  version: '2.0',
  routeKey: '$default',
  rawPath: `/my/${SENT}`,
  rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
  cookies: ['cookie1=one', 'cookie2=two'],
  headers: {
    header1: 'value1',
    header2: 'value1,value2',
    'content-type': 'text/plain',
    cookie: 'cookie1=one; cookie2=two',
  },
  queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
  requestContext: {
    accountId: '123456789012',
    apiId: '<urlid>',
    domainName: '<url-id>.lambda-url.us-west-2.on.aws',
    domainPrefix: '<url-id>',
    http: {
      method: 'POST',
      path: `/my/${DECODED}`,
      protocol: 'HTTP/1.1',
      sourceIp: '123.123.123.123',
      userAgent: 'agent',
    },
    requestId: 'id',
    routeKey: '$default',
    stage: '$default',
    time: '12/Mar/2020:19:03:58 +0000',
    timeEpoch: 1583348638390,
  },
  body: 'SGVsbG8gZnJvbSBMYW1iZGE=',
  isBase64Encoded: true,
};

/**
 * A REST API's, with a base path:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const apiGatewayV1: APIGatewayProxyEvent = {
  resource: '/my/{name}',
  path: `/base/my/${SENT}`,
  httpMethod: 'POST',
  headers: { header1: 'value1', header2: 'value2', 'Content-Type': 'text/plain', Cookie: 'cookie1=one; cookie2=two' },
  multiValueHeaders: {
    header1: ['value1'],
    header2: ['value1', 'value2'],
    'Content-Type': ['text/plain'],
    Cookie: ['cookie1=one; cookie2=two'],
  },
  queryStringParameters: { parameter1: 'value2', parameter2: 'value' },
  multiValueQueryStringParameters: { parameter1: ['value1', 'value2'], parameter2: ['value'] },
  requestContext: {
    accountId: '123456789012',
    apiId: 'id',
    authorizer: { claims: null, scopes: null },
    domainName: 'id.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'id',
    extendedRequestId: 'request-id',
    httpMethod: 'POST',
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: '192.0.2.1',
      user: null,
      userAgent: 'user-agent',
      userArn: null,
    },
    path: `/base/my/${SENT}`,
    protocol: 'HTTP/1.1',
    requestId: 'id=',
    requestTime: '04/Mar/2020:19:15:17 +0000',
    requestTimeEpoch: 1583349317135,
    resourceId: '123456',
    resourcePath: '/my/{name}',
    stage: 'prod',
  },
  pathParameters: { name: SENT },
  stageVariables: null,
  body: 'Hello from Lambda',
  isBase64Encoded: false,
};

/**
 * An HTTP API's with payload version 1.0 and a named stage:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (1.0)
 */
export const httpApiV1: APIGatewayProxyEvent & { readonly version: string } = {
  ...apiGatewayV1,
  version: '1.0',
  path: `/prod/my/${FOR_HTTP_API}`,
  requestContext: { ...apiGatewayV1.requestContext, path: `/prod/my/${FOR_HTTP_API}` },
  pathParameters: { name: FOR_HTTP_API },
};

const elb = {
  targetGroupArn: 'arn:aws:elasticloadbalancing:region:123456789012:targetgroup/my-target-group/6d0ecf831eec9f09',
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
export const alb: ALBEvent = {
  requestContext: { elb },
  httpMethod: 'POST',
  path: `/my/${SENT}`,
  queryStringParameters: { parameter1: 'value2', parameter2: 'a%20value' },
  headers: {
    header1: 'value1',
    'content-type': 'text/plain',
    cookie: 'cookie1=one; cookie2=two',
    host: 'lambda-846800462.us-east-2.elb.amazonaws.com',
    'x-amzn-trace-id': 'Root=1-5bdb40ca-556d8b0c50dc66f0511bf520',
  },
  body: 'Hello from Lambda',
  isBase64Encoded: false,
};

/** The same with multi-value headers enabled in the target group. */
export const albMultiValue: ALBEvent = {
  requestContext: { elb },
  httpMethod: 'POST',
  path: `/my/${SENT}`,
  multiValueQueryStringParameters: { parameter1: ['value1', 'value2'], parameter2: ['a%20value'] },
  multiValueHeaders: {
    header1: ['value1'],
    header2: ['value1', 'value2'],
    'content-type': ['text/plain'],
    cookie: ['cookie1=one', 'cookie2=two'],
    host: ['lambda-846800462.us-east-2.elb.amazonaws.com'],
  },
  body: 'Hello from Lambda',
  isBase64Encoded: false,
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const sqs: SQSEvent = {
  Records: [
    {
      messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
      receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...',
      body: '{"orderId":"1"}',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1545082649183',
        SenderId: 'AIDAIENQZJOLO23YVJ4VO',
        ApproximateFirstReceiveTimestamp: '1545082649185',
      },
      messageAttributes: {
        myAttribute: { stringValue: 'myValue', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
      awsRegion: 'us-east-2',
    },
  ],
};

/**
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html and, for a rule,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule-legacy.html
 */
export const scheduledEvent: ScheduledEvent = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2015-10-08T16:53:06Z',
  region: 'us-east-1',
  resources: ['arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule'],
  detail: {},
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export const ec2StateChange: EventBridgeEvent<string, object> = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

/** A FIFO queue's. */
export const sqsFifo: SQSEvent = {
  Records: [
    {
      messageId: '11d6ee51-4cc7-4302-9e22-7cd8afdaadf5',
      receiptHandle: 'AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw...',
      body: 'Test message.',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1573251510774',
        SequenceNumber: '18849496460467696128',
        MessageGroupId: '1',
        SenderId: 'AIDAIO23YVJENQZJOL4VO',
        MessageDeduplicationId: '1',
        ApproximateFirstReceiveTimestamp: '1573251510774',
      },
      messageAttributes: {},
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:fifo.fifo',
      awsRegion: 'us-east-2',
    },
  ],
};
