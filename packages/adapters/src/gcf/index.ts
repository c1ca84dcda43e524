/**
 * Runs Tradewind functions on Google Cloud: Cloud Run functions with the Functions Framework.
 *
 * @module
 */
import { type AnyFunction, FunctionError } from '@tradewind/core';
import { deployed, Invocation, misconfigured, mustBe } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { checkDelays } from '../shared/delays.js';
import { checkFunctions, checkNames } from '../shared/functions.js';
import { listening } from '../shared/node-answering.js';
import type { NodeRequestEvent } from '../shared/node-request.js';
import { runSingle, type SingleBinding } from '../shared/single.js';
import { eventBinding } from './event.js';
import { httpBinding } from './http.js';
import { GcfInvocation } from './invocation.js';
import { queueBinding } from './queue.js';
import { scheduleBinding } from './schedule.js';
import type { FunctionsFramework } from './types.js';
import type { GcfWiring } from './wiring.js';

export type { FunctionsFramework, GcfMessage } from './types.js';
export type { GcfWiring } from './wiring.js';

type GcfKind = 'http' | 'queue' | 'schedule' | 'event';
const BINDINGS: Readonly<Record<Exclude<GcfKind, 'http'>, SingleBinding<GcfInvocation>>> = {
  queue: queueBinding,
  schedule: scheduleBinding,
  event: eventBinding,
};
const KINDS: readonly GcfKind[] = ['http', 'queue', 'schedule', 'event'];

/**
 * Registers functions with Google's Functions Framework, each under its own name, which `--entry-point` selects: HTTP
 * functions; queue functions, whose messages come from a Pub/Sub topic; schedules, also through a Pub/Sub topic; and
 * event functions for Eventarc. Several HTTP functions are also registered together, with routing, as the entry point
 * `http`.
 *
 * @param framework - the module `@google-cloud/functions-framework`.
 * @throws FunctionError `misconfigured`, at start-up, for functions that cannot be registered.
 * @see https://github.com/GoogleCloudPlatform/functions-framework-nodejs
 * @example
 * ```ts
 * import * as functionsFramework from '@google-cloud/functions-framework';
 * import { gcf } from '@tradewind/adapters/gcf';
 * import { defineFunction, http, queue } from '@tradewind/core';
 *
 * const hello = defineFunction('hello', http({ method: 'GET', path: '/hello/:name' })).handle(
 *   ({ params }) => ({ hello: params.name }),
 * );
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => console.log(data));
 * gcf(functionsFramework, hello, charge);
 * ```
 */
export function gcf<const Functions extends readonly AnyFunction[]>(
  framework: FunctionsFramework,
  ...functions: { [Index in keyof Functions]: Functions[Index] & Accept<Functions[Index], GcfKind, 'Google Cloud'> }
): void {
  checkFunctions('Google Cloud', KINDS, functions);
  const requests = functions.filter((fn) => fn.trigger.kind === 'http');
  checkNames('Google Cloud', functions);
  mustBe(
    'function',
    framework?.http,
    "gcf(framework, ...): pass the module '@google-cloud/functions-framework'. Its `http`",
  );
  if (requests.length > 1) {
    if (functions.some(({ name }) => name.toLowerCase() === 'http')) {
      throw misconfigured(
        "gcf(...): 'http' is the entry point of several HTTP functions together: give the function with this name another name.",
      );
    }
    framework.http('http', answer(requests));
  }
  for (const fn of functions) {
    const kind = fn.trigger.kind as GcfKind;
    if (kind === 'http') framework.http(fn.name, answer([fn]));
    else framework.cloudEvent(fn.name, single(fn, BINDINGS[kind]));
    if (kind === 'queue') checkDelays(fn, 'Google Cloud', 'on(fn, { redeliver: ... })');
  }
}

/** Configures a function for Google Cloud: where its messages go, and where its environment variables come from. */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: GcfWiring<KindOf<Fn>>): Fn {
  return deployed(fn, wiring);
}

function answer(functions: readonly AnyFunction[]): Parameters<FunctionsFramework['http']>[1] {
  return listening(functions, httpBinding, (fn, request) => {
    const { message } = request;
    return invocationOf(fn, message, message.executionId, request);
  });
}

function single(fn: AnyFunction, binding: SingleBinding<GcfInvocation>): (event: unknown) => Promise<void> {
  return async (event) => {
    try {
      await runSingle(fn, binding, event, invocationOf(fn, event));
    } catch (error) {
      throw unquoted(error);
    }
  };
}

/**
 * The framework logs the stack of an error, and responds with its message, which may quote what the sender must not
 * see.
 */
function unquoted(error: unknown): Error {
  const said = new FunctionError('internal', 'The event was not handled: see the log for the reason.');
  said.stack = (error as Error).stack ?? '';
  return said;
}

function invocationOf(fn: AnyFunction, event: unknown, id?: string, request?: NodeRequestEvent): GcfInvocation {
  return new GcfInvocation(new Invocation(fn, event, { id, start: Date.now(), request }));
}
