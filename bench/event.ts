const GOOD = {
  orderId: 'o-1042',
  customer: { id: 'c-7', email: 'ada@example.com' },
  shipTo: { street: '12 Analytical Row', city: 'London', zip: 'N1 9GU', country: 'GB' },
  items: [
    { sku: 'tea', qty: 2, price: 4.5 },
    { sku: 'milk', qty: 1, price: 1.2 },
    { sku: 'sugar', qty: 3, price: 0.9 },
  ],
  note: 'Leave it at the door, please.',
};

/** A complete API Gateway 2.0 event, as text, so that every call gets a fresh one. */
export function eventText(body: string = JSON.stringify(GOOD), path = '/orders'): string {
  return JSON.stringify({
    version: '2.0',
    routeKey: 'POST /orders',
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      authorization: 'Bearer abc.def.ghi',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host: 'id.execute-api.us-east-1.amazonaws.com',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
      'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'id',
      domainName: 'id.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'id',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'Mozilla/5.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'POST /orders',
      stage: '$default',
      time: '10/Mar/2020:05:16:23 +0000',
      timeEpoch: 1583817383220,
    },
    body,
    isBase64Encoded: false,
  });
}

/** Invalid events, and the status that a correct handler answers. */
export const BAD: readonly (readonly [name: string, text: string, status: number])[] = [
  ['invalid JSON', eventText('{"orderId":'), 400],
  ['a schema error', eventText(JSON.stringify({ ...GOOD, items: [{ sku: 'tea', qty: 'two', price: 1 }] })), 400],
];

/** The parts of Lambda's context that frameworks read. */
export function lambdaContext(): object {
  return {
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    functionName: 'bench',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/bench',
    logStreamName: 'x',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => 30_000,
    done() {},
    fail() {},
    succeed() {},
  };
}
