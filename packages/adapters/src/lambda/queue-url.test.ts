import { SQS } from '@aws-sdk/client-sqs';
import { defineFunction, queue, retryLater } from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lambda, on } from './index.js';

const fn = defineFunction
  .logger({ debug() {}, info() {}, warn() {}, error() {} })('f', queue({ queue: 'q' }))
  .handle(() => {
    throw retryLater({ after: 1_000 });
  });

/** Every partition that the AWS SDK knows, by one of its regions. */
const REGIONS = [
  ['aws', 'eu-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
  ['aws-us-gov', 'us-gov-west-1'],
] as const;

afterEach(() => {
  vi.unstubAllEnvs();
});

async function urlOf(arn: string): Promise<string | undefined> {
  const visibility = { changeMessageVisibility: vi.fn(async (_input: { QueueUrl: string }) => {}) };
  const record = { messageId: 'm', receiptHandle: 'r', body: 'x', eventSource: 'aws:sqs', eventSourceARN: arn };
  await lambda(on(fn, { visibility }))(
    { Records: [record] },
    { awsRequestId: 'a', getRemainingTimeInMillis: () => 60_000 },
  );
  return visibility.changeMessageVisibility.mock.calls[0]?.[0].QueueUrl;
}

describe("a queue's URL is where the AWS SDK sends to in its partition", () => {
  test.each(REGIONS)('%s', async (partition, region) => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
    const { endpointProvider } = new SQS({ region, credentials }).config;
    const { url } = endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    expect(await urlOf(`arn:${partition}:sqs:${region}:123456789012:q`)).toBe(`${url.origin}/123456789012/q`);
  });

  test('or that of the variables for another endpoint', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', 'http://localhost:4566');
    expect(await urlOf('arn:aws-eusc:sqs:eusc-de-east-1:123456789012:q')).toBe('http://localhost:4566/123456789012/q');
  });
});
