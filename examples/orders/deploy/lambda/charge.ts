import { SQS } from '@aws-sdk/client-sqs';
import { sqs } from '@tradewind/adapters/aws';
import { lambda, on } from '@tradewind/adapters/lambda/queue';
import { ordering } from '../../functions.ts';
import { records } from './records.ts';

const client = new SQS();
const deadLetter = sqs(client, () => String(process.env.DEAD_LETTERS_URL));

const { charge } = ordering(records);
export const handler = lambda(on(charge, { deadLetter, visibility: client }));
