import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { dynamoStore } from '@tradewind/idempotency/dynamodb';

/** The records of the orders that were placed and charged. */
export const records = dynamoStore(new DynamoDB(), { table: String(process.env.RECORDS_TABLE) });
