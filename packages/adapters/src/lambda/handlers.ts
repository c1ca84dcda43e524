import type { AnyFunction } from '@tradewind/core';
import { andThen, type Awaitable, ContextState, type FinalResult, type HttpSource } from '@tradewind/core/adapter';
import { misconfigured, type Wired } from '../shared/functions.js';
import { serve } from '../shared/http.js';
import { httpBinding, type LambdaHttpEvent } from './http.js';
import { streaming } from './http-stream.js';
import { LambdaInvocation } from './invocation.js';
import { deliverAll, queueBinding } from './queue.js';
import type { LambdaContext, LambdaHandler, LambdaOptions } from './types.js';

type Answering = (source: HttpSource, invocation: LambdaInvocation) => Awaitable<FinalResult>;

/** Makes the handler of one function. */
export type HandlerMaker = (wired: Wired<LambdaOptions['http']>) => LambdaHandler;

/** One HTTP function. */
export const httpHandler: HandlerMaker = ({ fn, options }) =>
  httpHandlerFor(fn, options.invokeMode, (source, invocation) => serve(fn, source, invocation));

/** HTTP on Lambda, however the function of a request is found; `first` is named where there is no request. */
export function httpHandlerFor(
  first: AnyFunction,
  invokeMode: LambdaOptions['http']['invokeMode'],
  answer: Answering,
): LambdaHandler {
  const run = (event: unknown, context: LambdaContext): Awaitable<FinalResult> =>
    answer(httpBinding.decode(event, first), new LambdaInvocation(event, context));
  if (invokeMode === 'RESPONSE_STREAM') return streaming(async (event, context) => run(event, context));
  if (invokeMode !== undefined && invokeMode !== 'BUFFERED') {
    throw misconfigured(`invokeMode is 'BUFFERED' or 'RESPONSE_STREAM', not ${JSON.stringify(invokeMode)}.`);
  }
  return promised((event, context) =>
    andThen(run(event, context), (result) => httpBinding.encode(result, event as LambdaHttpEvent)),
  );
}

/** One queue function. */
export const queueHandler: HandlerMaker = ({ fn }) =>
  promised((event, context) => {
    const records = queueBinding.decode(event, fn);
    const state = new ContextState(fn, new LambdaInvocation(event, context));
    return andThen(deliverAll(fn, records, state), (failures) => {
      const answer = queueBinding.encode(records, failures);
      return state.open ? state.end().then(() => answer) : answer;
    });
  });

/** Lambda takes a promise only; work that needs none is done by the time that it is made. */
function promised(run: (event: unknown, context: LambdaContext) => Awaitable<unknown>): LambdaHandler {
  return (event, context) => {
    try {
      return Promise.resolve(run(event, context));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
