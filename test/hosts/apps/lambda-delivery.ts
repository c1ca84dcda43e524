import { appendFileSync } from 'node:fs';
import { SQS } from '@aws-sdk/client-sqs';
import { sqs } from '@tradewind/adapters/aws';
import { lambda, on } from '@tradewind/adapters/lambda/queue';
import { jobs } from './delivery.ts';

const { LEDGER = '', SQS_URL = '', SINK = '' } = process.env;
const at = (endpoint: string): SQS =>
  new SQS({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    // The queue's ARN gives the address of the real service.
    useQueueUrlAsEndpoint: false,
  });
const client = at(SQS_URL);
const fn = jobs({ done: (id) => appendFileSync(LEDGER, `${id}\n`) });
const sink = sqs(client, `${SQS_URL}/123456789012/sink`);
// Nothing listens at this address.
const broken = sqs(at('http://127.0.0.1:9'), `${SQS_URL}/123456789012/sink`);
const SINKS: Readonly<Record<string, object>> = {
  none: {},
  works: { deadLetter: sink },
  broken: { deadLetter: broken },
};

export const handler = lambda(on(fn, { visibility: client, ...SINKS[SINK] }));
