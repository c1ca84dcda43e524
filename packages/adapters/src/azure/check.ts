import type { AnyFunction } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';
import { checkNames } from '../shared/functions.js';
import { queueOf } from './messages.js';
import type { AzureApp } from './types.js';
import type { AzureQueueWiring } from './wiring.js';

const REGISTERED = new WeakMap<AzureApp, readonly AnyFunction[]>();

/**
 * Checks the names and paths of functions, those of the same app that were registered before included. One function that
 * Azure refuses takes the whole app with it, which then says that it has none; of two with one name it runs the later one.
 */
export function checkPlaces(app: AzureApp, functions: readonly AnyFunction[]): void {
  const all = [...(REGISTERED.get(app) ?? []), ...functions];
  checkNames('Azure', all);
  const odd = functions.find(({ name }) => !/^(?!host$)[a-z][\w-]{0,126}$/i.test(name));
  if (odd) {
    throw misconfigured(
      `Azure has no function '${odd.name}': a name is a letter, then letters, digits, - and _, 127 at most, and not 'host'.`,
    );
  }
  const taken = functions.find(({ trigger }) => /^\/admin/i.test((trigger as { readonly path?: string }).path ?? ''));
  if (taken) {
    throw misconfigured(
      `Azure's host keeps every path that begins with /admin to itself, and '${taken.name}' has one: give it another path.`,
    );
  }
  REGISTERED.set(app, all);
}

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata */
const STORAGE_QUEUE = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftservicebus */
const SERVICE_BUS_QUEUE = /^(?=.{1,260}$)[a-z0-9]([\w./-]*[a-z0-9])?$/i;
const APP_SETTING = /%[^%]+%/;

/** What a queue function is given, once it is checked. */
export function checkedQueue(fn: AnyFunction): AzureQueueWiring {
  const wiring = (fn.settings.wiring ?? {}) as AzureQueueWiring;
  const { source = 'storageQueue', connection, isSessionsEnabled = false } = wiring;
  const queue = queueOf(fn);
  if (source !== 'storageQueue' && source !== 'serviceBus') {
    throw misconfigured(`'${fn.name}' has no such source: on(fn, { source }) is 'storageQueue' or 'serviceBus'.`);
  }
  const isBus = source === 'serviceBus';
  if (isBus && !connection) {
    throw misconfigured(
      `'${fn.name}' comes from Service Bus and has no connection: on(fn, { source: 'serviceBus', connection: 'SERVICE_BUS' }) names the app setting that holds it.`,
    );
  }
  // Not quoted: it has the account's key in it.
  if (connection !== undefined && /[;=]/.test(connection)) {
    throw misconfigured(
      `'${fn.name}' was given a connection itself: on(fn, { connection: 'STORAGE' }) names the app setting that holds it.`,
    );
  }
  if (!isBus && isSessionsEnabled) {
    throw misconfigured(
      `'${fn.name}' comes from a storage queue, which has no sessions: isSessionsEnabled is for on(fn, { source: 'serviceBus' }).`,
    );
  }
  if (!APP_SETTING.test(queue) && !(isBus ? SERVICE_BUS_QUEUE : STORAGE_QUEUE).test(queue)) {
    throw misconfigured(
      `'${fn.name}' comes from '${queue}', which is no name of ${isBus ? 'a Service Bus queue: letters, digits, and . - _ / within, 260 at most' : 'a storage queue: 3 to 63 small letters, digits and single - between them'}. on(fn, { queue: ... }) gives it another one on Azure.`,
    );
  }
  return wiring;
}
