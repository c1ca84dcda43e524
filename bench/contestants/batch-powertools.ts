import { BatchProcessorSync, EventType, processPartialResponseSync } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { handled } from '../batch-event.ts';

const processor = new BatchProcessorSync(EventType.SQS);
const record = ({ body }: SQSRecord): void => handled(JSON.parse(body) as { orderId: string });

export const handler = async (event: SQSEvent, context: never): Promise<unknown> =>
  processPartialResponseSync(event, record, processor, { context, throwOnFullBatchFailure: false });
