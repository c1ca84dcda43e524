import { lambdaStream } from '@tradewind/adapters/lambda';
import { broken, HTTP } from './functions.ts';

export const handler = lambdaStream(...HTTP, broken);
