/**
 * Runs Tradewind functions on AWS Lambda.
 *
 * @module
 */
import type { AnyFunction } from '@tradewind/core';
import { deployed, type FinalResult } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { answering } from '../shared/answering.js';
import { checkFunctions } from '../shared/functions.js';
import type { Gather } from '../shared/http.js';
import { checkUnread } from '../shared/node-stream.js';
import { eventBinding } from './event.js';
import { httpHandler, invocationOf, promised, queueHandler } from './handlers.js';
import { httpBinding } from './http.js';
import type { LambdaRequest } from './http-request.js';
import { streaming } from './http-stream.js';
import { scheduleBinding } from './schedule.js';
import { singleHandler } from './single.js';
import type { LambdaContext, LambdaHandler } from './types.js';
import type { LambdaWiring } from './wiring.js';

export type { LambdaContext, LambdaHandler } from './types.js';
export type { LambdaQueueWiring, LambdaWiring, SqsVisibilityClient } from './wiring.js';

type LambdaKind = 'http' | 'queue' | 'schedule' | 'event';
const HANDLERS: Readonly<Record<LambdaKind, (fn: AnyFunction) => LambdaHandler>> = {
  http: httpHandler,
  queue: queueHandler,
  schedule: (fn) => singleHandler(fn, scheduleBinding),
  event: (fn) => singleHandler(fn, eventBinding),
};

/** One of the functions of a handler: the only one, of any kind, or one of several of kind http. */
export type LambdaFunction<All extends readonly unknown[], One> = All extends readonly [unknown]
  ? Accept<One, LambdaKind, 'AWS Lambda'>
  : [KindOf<One>] extends ['http']
    ? One
    : `A Lambda function has one source of events: a '${KindOf<One>}' function cannot share it`;

/**
 * Makes the handler of a Lambda function, from one function of any kind or from several HTTP functions behind one API.
 *
 * An event of another kind fails the invocation, so that it is not taken as handled.
 *
 * @throws FunctionError `misconfigured`, at start-up, for functions that cannot share a Lambda function.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { lambda } from '@tradewind/adapters/lambda';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => console.log(data));
 * export const handler = lambda(charge);
 * ```
 */
export function lambda<const Functions extends readonly AnyFunction[]>(
  ...functions: { [Index in keyof Functions]: Functions[Index] & LambdaFunction<Functions, Functions[Index]> }
): LambdaHandler {
  const [first] = functions as readonly AnyFunction[] as [AnyFunction];
  if (functions.length === 1) {
    checkFunctions('AWS Lambda', Object.keys(HANDLERS) as LambdaKind[], functions);
    return HANDLERS[first.trigger.kind as LambdaKind](first);
  }
  // A Lambda function has one source of events.
  checkFunctions('AWS Lambda, with several functions', ['http'], functions);
  return promised(answeringEvents(functions, httpBinding.encode, httpBinding.gather));
}

/**
 * Configures a function for Lambda: where its messages go, how their delivery is delayed, and where its environment
 * variables come from.
 *
 * @example
 * ```ts
 * import { SQS } from '@aws-sdk/client-sqs';
 * import { sqs } from '@tradewind/adapters/aws';
 * import { lambda, on } from '@tradewind/adapters/lambda';
 * import { defineFunction, queue } from '@tradewind/core';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * const client = new SQS();
 * const deadLetter = sqs(client, () => String(process.env.DEAD_LETTER_URL));
 * export const handler = lambda(on(charge, { deadLetter, visibility: client }));
 * ```
 */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: LambdaWiring<KindOf<Fn>>): Fn {
  return deployed(fn, wiring, ['visibility']);
}

/**
 * Like {@link lambda}, for HTTP functions behind a function URL or an API with the invoke mode `RESPONSE_STREAM`: the
 * response is streamed. If a body fails midway, the invocation fails, so that the body is not taken as complete.
 *
 * @throws FunctionError `misconfigured` outside Lambda's Node.js runtime, the only one that can stream.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export function lambdaStream<const Functions extends readonly AnyFunction[]>(
  ...functions: { [Index in keyof Functions]: Functions[Index] & Accept<Functions[Index], 'http', 'lambdaStream'> }
): LambdaHandler {
  checkFunctions('lambdaStream', ['http'], functions);
  const answer = answeringEvents(functions, unread);
  return streaming(async (event, context) => answer(event, context) as FinalResult);
}

function unread(result: FinalResult): FinalResult {
  checkUnread(result);
  return result;
}

/** Routes requests to several functions. An error about an event that is not a request names the first function. */
function answeringEvents(
  functions: readonly AnyFunction[],
  encode: (result: FinalResult, request: LambdaRequest) => unknown,
  gather?: Gather,
): (event: unknown, context: LambdaContext) => unknown {
  const [first] = functions as readonly [AnyFunction];
  const answer = answering(functions, encode, gather);
  return (event, context) => answer(httpBinding.decode(event, first), (fn) => invocationOf(fn, event, context));
}
