/**
 * Runs Tradewind functions on AWS Lambda.
 *
 * @module
 */
import { misconfigured, wire } from '../shared/functions.js';
import type { Accept, Entry, KindOf } from '../shared/accept.js';
import { serveRouted } from '../shared/http.js';
import { routes } from '../shared/router.js';
import { type HandlerMaker, httpHandler, httpHandlerFor, queueHandler } from './handlers.js';
import type { LambdaHandler, LambdaOptions } from './types.js';

export type { LambdaContext, LambdaHandler, LambdaOptions } from './types.js';

type LambdaKind = 'http' | 'queue';

/** One function of any kind, or several of kind http. */
export type LambdaEntries<Entries extends readonly unknown[]> = Entries extends readonly [infer Only]
  ? readonly [Accept<Only, LambdaKind, 'AWS Lambda', LambdaOptions>]
  : {
      [Index in keyof Entries]: [KindOf<Entries[Index]>] extends ['http']
        ? Accept<Entries[Index], LambdaKind, 'AWS Lambda', LambdaOptions>
        : `A Lambda function has one source of events: beside others, '${KindOf<Entries[Index]>}' cannot be served`;
    };

const MAKERS: Readonly<Record<LambdaKind, HandlerMaker>> = { http: httpHandler, queue: queueHandler };

/**
 * The handler of a Lambda function: for one function of any kind, or for several HTTP functions behind one API.
 *
 * An event of another kind fails the invocation, so that nothing is taken for done.
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
export function lambda<const Entries extends readonly Entry[]>(...entries: Entries & LambdaEntries<Entries>): LambdaHandler {
  const wired = wire<LambdaOptions['http']>('AWS Lambda', Object.keys(MAKERS) as LambdaKind[], entries);
  const [first] = wired as [(typeof wired)[0]];
  if (wired.length === 1) return MAKERS[first.fn.trigger.kind as LambdaKind](first);
  const other = wired.find(({ fn }) => fn.trigger.kind !== 'http');
  if (other) {
    throw misconfigured(`A Lambda function has one source of events: '${other.fn.name}' (${other.fn.trigger.kind}) cannot be served beside others.`);
  }
  const modes = new Set(wired.map(({ options }) => options.invokeMode ?? 'BUFFERED'));
  if (modes.size > 1) throw misconfigured('The functions of one Lambda function have one invokeMode: it is set on its URL or API.');
  const find = routes(wired);
  return httpHandlerFor(first.fn, first.options.invokeMode, (source, invocation) => serveRouted(find, source, invocation));
}
