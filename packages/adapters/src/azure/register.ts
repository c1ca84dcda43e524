import type { AnyFunction, HttpTrigger, QueueTrigger } from '@tradewind/core';
import { type Awaitable, Invocation } from '@tradewind/core/adapter';
import { answering } from '../shared/answering.js';
import { checkDelays } from '../shared/delays.js';
import { placeOf } from '../shared/router.js';
import { runSingle, type SingleBinding } from '../shared/single.js';
import { checkedQueue } from './check.js';
import { eventGridBinding } from './event-grid.js';
import { httpBinding } from './http.js';
import { AzureInvocation } from './invocation.js';
import { queueOf } from './messages.js';
import { deliverMany, serviceBusBinding } from './service-bus.js';
import { storageQueueBinding } from './storage-queue.js';
import { timerBinding, toNcrontab } from './timer.js';
import type { AzureApp, AzureContext, AzureHttpResponse, AzureMethod } from './types.js';
import type { AzureHttpWiring, AzureScheduleWiring } from './wiring.js';

const METHODS: readonly AzureMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Registers HTTP functions. The host routes by path and method, and answers a method without a function itself, with an
 * empty response. So the first function of a path is registered for all methods that no other function of that path
 * has: then the response is a 405 as on any platform, and a layer such as CORS sees OPTIONS.
 */
export function registerHttp(app: AzureApp, functions: readonly AnyFunction[]): void {
  const answer = answering(functions, httpBinding.encode);
  for (const group of Map.groupBy(functions, (fn) => placeOf(triggerOf(fn).path)).values()) {
    const byMethod = (wanted: string): AnyFunction | undefined => group.find((fn) => triggerOf(fn).method === wanted);
    const ownerOf = (method: AzureMethod): AnyFunction | undefined =>
      byMethod(method) ?? (method === 'HEAD' ? byMethod('GET') : undefined) ?? group[0];
    for (const fn of group) {
      const { path } = triggerOf(fn);
      app.http(fn.name, {
        methods: METHODS.filter((method) => ownerOf(method) === fn),
        // For an empty route, the host would use the function's name.
        route: path.slice(1).replace(/:(\w+)/g, '{$1}') || '/',
        authLevel: ((fn.settings.wiring ?? {}) as AzureHttpWiring).authLevel ?? 'anonymous',
        // Routed again here, because the host ignores the case and encoding of a path, and other platforms do not.
        handler: async (native, context) =>
          answer(httpBinding.decode(native, path), (fn) =>
            invocationOf(fn, native, context),
          ) as Awaitable<AzureHttpResponse>,
      });
    }
  }
}

function triggerOf(fn: AnyFunction): HttpTrigger {
  return fn.trigger as HttpTrigger;
}

function registerQueue(app: AzureApp, fn: AnyFunction): void {
  const { source = 'storageQueue', connection = 'AzureWebJobsStorage', isSessionsEnabled = false } = checkedQueue(fn);
  checkDelays(fn, 'Azure', 'on(fn, { redeliver: serviceBus(...) }) or on(fn, { redeliver: storageQueue(...) })');
  const from = { queueName: queueOf(fn), connection, dataType: 'binary' } as const;
  if (source === 'storageQueue') {
    app.storageQueue(fn.name, { ...from, handler: single(fn, storageQueueBinding) });
    return;
  }
  const { isBatch } = fn.trigger as QueueTrigger;
  app.serviceBusQueue(fn.name, {
    ...from,
    cardinality: isBatch ? 'many' : 'one',
    isSessionsEnabled,
    handler: isBatch
      ? async (messages, context) => deliverMany(fn, messages, invocationOf(fn, messages, context))
      : single(fn, serviceBusBinding),
  });
}

function registerTimer(app: AzureApp, fn: AnyFunction): void {
  const { retry } = (fn.settings.wiring ?? {}) as AzureScheduleWiring;
  app.timer(fn.name, { schedule: toNcrontab(fn), handler: single(fn, timerBinding), ...(retry && { retry }) });
}

/** The handler of a function that gets one event, message or scheduled time per invocation. */
function single(
  fn: AnyFunction,
  binding: SingleBinding<AzureInvocation>,
): (came: unknown, context: AzureContext) => Promise<void> {
  return async (came, context) => runSingle(fn, binding, came, invocationOf(fn, came, context));
}

function invocationOf(fn: AnyFunction, event: unknown, context: AzureContext): AzureInvocation {
  return new AzureInvocation(new Invocation(fn, event, context));
}

/** Registers one function, for each kind other than HTTP. */
export const REGISTER: Readonly<Record<string, (app: AzureApp, fn: AnyFunction) => void>> = {
  queue: registerQueue,
  schedule: registerTimer,
  event: (app, fn) => app.eventGrid(fn.name, { handler: single(fn, eventGridBinding) }),
};
