import type { InvocationContext } from '@tradewind/core/adapter';
import { lambdaOnly } from './lambda-only.js';

/** What only Lambda knows of an invocation. */
const LAMBDA_ONLY = ['functionVersion', 'invokedFunctionArn', 'memoryLimitInMB', 'logGroupName', 'logStreamName'];

/** In ms: the longest time that a Lambda function has. */
const LONGEST = 900_000;

/** What middlewares see of an invocation: Lambda's own context on Lambda, elsewhere what there is of it. */
export interface MiddyContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  /** In ms, a whole number: where there is no end, what Lambda gives at most. */
  readonly getRemainingTimeInMillis: () => number;
  /** What middlewares have added: preferred languages, what they have fetched. */
  // biome-ignore lint/suspicious/noExplicitAny: each adds something else
  [name: string]: any;
}

/** The context in the form that middlewares read and add to. */
export function toMiddyContext({
  functionName,
  invocationId,
  platform,
  remaining,
  native,
}: InvocationContext): MiddyContext {
  const context: MiddyContext = {
    ...(platform === 'lambda' && (native.context as object)),
    functionName,
    awsRequestId: invocationId,
    callbackWaitsForEmptyEventLoop: true,
    // As a function of its own: middlewares call it without its context.
    getRemainingTimeInMillis: () => Math.min(Math.floor(remaining()), LONGEST),
  };
  if (platform !== 'lambda') lambdaOnly(context, LAMBDA_ONLY, 'context', platform);
  return context;
}
