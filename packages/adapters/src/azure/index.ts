/**
 * Runs Tradewind functions on Azure Functions (programming model version 4).
 *
 * @module
 */
import type { AnyFunction } from '@tradewind/core';
import { deployed, mustBe } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { checkFunctions } from '../shared/functions.js';
import { checkPlaces } from './check.js';
import { REGISTER, registerHttp } from './register.js';
import type { AzureApp } from './types.js';
import type { AzureWiring } from './wiring.js';

export type { KeyVaultClient } from './key-vault.js';
export { keyVault } from './key-vault.js';
export type { EventGridSendClient } from './transports/event-grid.js';
export { eventGrid } from './transports/event-grid.js';
export type { ServiceBusSendClient } from './transports/service-bus.js';
export { serviceBus } from './transports/service-bus.js';
export type { StorageQueueSendClient } from './transports/storage-queue.js';
export { storageQueue } from './transports/storage-queue.js';
export type { AzureApp, AzureContext, AzureRetry } from './types.js';
export type { AzureHttpWiring, AzureQueueWiring, AzureScheduleWiring, AzureWiring } from './wiring.js';

type AzureKind = 'http' | 'queue' | 'schedule' | 'event';

const KINDS: readonly AzureKind[] = ['http', 'queue', 'schedule', 'event'];

/**
 * Registers functions with an Azure Functions app, each under its own name: HTTP functions, queue functions (from a
 * storage account by default, from Service Bus with {@link on}), schedules as timers, and event functions for Event
 * Grid.
 *
 * @param app - `app` from `@azure/functions`, version 4.
 * @throws FunctionError `misconfigured`, at start-up, for functions that cannot be registered.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference-node
 * @example
 * ```ts
 * import { app } from '@azure/functions';
 * import { azure } from '@tradewind/adapters/azure';
 * import { defineFunction, http, queue } from '@tradewind/core';
 *
 * const hello = defineFunction('hello', http({ method: 'GET', path: '/hello/:name' })).handle(
 *   ({ params }) => ({ hello: params.name }),
 * );
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => console.log(data));
 * azure(app, hello, charge);
 * ```
 */
export function azure<const Functions extends readonly AnyFunction[]>(
  app: AzureApp,
  ...functions: { [Index in keyof Functions]: Functions[Index] & Accept<Functions[Index], AzureKind, 'Azure'> }
): void {
  checkFunctions('Azure', KINDS, functions);
  mustBe('function', app?.http, "azure(app, ...): pass the app of '@azure/functions'. Its `http`");
  checkPlaces(app, functions);
  registerHttp(
    app,
    functions.filter((fn) => fn.trigger.kind === 'http'),
  );
  for (const fn of functions) REGISTER[fn.trigger.kind]?.(app, fn);
}

/**
 * Configures a function for Azure: for example where its messages come from and go, who may call it, how it is retried.
 *
 * @example
 * ```ts
 * import { app } from '@azure/functions';
 * import { azure, on } from '@tradewind/adapters/azure';
 * import { defineFunction, queue } from '@tradewind/core';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * azure(app, on(charge, { source: 'serviceBus', connection: 'SERVICE_BUS' }));
 * ```
 */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: AzureWiring<KindOf<Fn>>): Fn {
  return deployed(fn, wiring, ['source', 'connection', 'queue', 'isSessionsEnabled', 'authLevel', 'retry']);
}
