import type { InvocationContext } from '@tradewind/core/adapter';
import { lambdaOnly } from './lambda-only.js';

/** The context properties that exist only on Lambda. */
const LAMBDA_ONLY = ['functionVersion', 'invokedFunctionArn', 'memoryLimitInMB', 'logGroupName', 'logStreamName'];

/** In ms: the longest timeout of a Lambda function. */
const LONGEST = 900_000;

/** The context that middlewares see: Lambda's own on Lambda, and the parts of it that exist on other platforms. */
export interface MiddyContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  /** In ms, a whole number. Without a deadline, Lambda's maximum of 15 minutes. */
  readonly getRemainingTimeInMillis: () => number;
  /** What middlewares have added, such as preferred languages or fetched values. */
  // biome-ignore lint/suspicious/noExplicitAny: each adds something else
  [name: string]: any;
}

/** Makes the context that middlewares read and add to. */
export function toMiddyContext({
  functionName,
  invocationId,
  platform,
  remaining,
  native,
}: InvocationContext): MiddyContext {
  const context: MiddyContext = {
    functionName,
    // Its `functionName` is that of the deployed function, by which metrics are grouped.
    ...(platform === 'lambda' && (native.context as object)),
    awsRequestId: invocationId,
    callbackWaitsForEmptyEventLoop: true,
    // A standalone function, because middlewares call it without `this`.
    getRemainingTimeInMillis: () => Math.min(Math.floor(remaining()), LONGEST),
  };
  if (platform !== 'lambda') lambdaOnly(context, LAMBDA_ONLY, 'context', platform);
  return context;
}
