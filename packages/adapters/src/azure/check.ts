import type { AnyFunction } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';
import { checkNames } from '../shared/functions.js';
import { queueOf } from './messages.js';
import type { AzureApp } from './types.js';
import type { AzureQueueWiring } from './wiring.js';

const REGISTERED = new WeakMap<AzureApp, readonly AnyFunction[]>();

/**
 * Checks the names and paths of functions, including those that were registered with the same app before. If Azure
 * refuses one function, the whole app fails, and reports that it has no functions. Of two with the same name it runs
 * the later one.
 */
export function checkPlaces(app: AzureApp, functions: readonly AnyFunction[]): void {
  const all = [...(REGISTERED.get(app) ?? []), ...functions];
  checkNames('Azure', all);
  const odd = functions.find(({ name }) => !/^(?!host$)[a-z][\w-]{0,126}$/i.test(name));
  if (odd) {
    throw misconfigured(
      `azure(...): a function's name must be a letter, then letters, digits, - or _, 127 characters at most, and not 'host'; got '${odd.name}'.`,
    );
  }
  const taken = functions.find(({ trigger }) => /^\/admin/i.test((trigger as { readonly path?: string }).path ?? ''));
  if (taken) {
    throw misconfigured(
      `azure(...): the path of '${taken.name}' must not begin with /admin, which Azure's host reserves: give it another path.`,
    );
  }
  REGISTERED.set(app, all);
}

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata */
const STORAGE_QUEUE = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftservicebus */
const SERVICE_BUS_QUEUE = /^(?=.{1,260}$)[a-z0-9]([\w./-]*[a-z0-9])?$/i;
const APP_SETTING = /%[^%]+%/;

/** The wiring of a queue function, checked. */
export function checkedQueue(fn: AnyFunction): AzureQueueWiring {
  const wiring = (fn.settings.wiring ?? {}) as AzureQueueWiring;
  const { source = 'storageQueue', connection, isSessionsEnabled = false } = wiring;
  const queue = queueOf(fn);
  if (source !== 'storageQueue' && source !== 'serviceBus') {
    throw misconfigured(`on(...): \`source\` of '${fn.name}' must be 'storageQueue' or 'serviceBus'.`);
  }
  const isBus = source === 'serviceBus';
  if (isBus && !connection) {
    throw misconfigured(
      `on(...): \`connection\` of '${fn.name}' must be the name of the app setting with the Service Bus connection, as in on(fn, { source: 'serviceBus', connection: 'SERVICE_BUS' }); got none.`,
    );
  }
  // Not quoted, because a connection string contains the account's key.
  if (connection !== undefined && /[;=]/.test(connection)) {
    throw misconfigured(
      `on(...): \`connection\` of '${fn.name}' must be the name of an app setting, as in on(fn, { connection: 'STORAGE' }); got a connection string.`,
    );
  }
  if (!isBus && isSessionsEnabled) {
    throw misconfigured(
      `on(...): \`isSessionsEnabled\` of '${fn.name}' needs \`source: 'serviceBus'\`, because a storage queue has no sessions.`,
    );
  }
  if (!APP_SETTING.test(queue) && !(isBus ? SERVICE_BUS_QUEUE : STORAGE_QUEUE).test(queue)) {
    throw misconfigured(
      `azure(...): the queue of '${fn.name}' must have the name of ${isBus ? 'a Service Bus queue: letters, digits, and . - _ / between them, 260 characters at most' : 'a storage queue: 3 to 63 lower-case letters, digits, and single - between them'}; got '${queue}'. on(fn, { queue: ... }) sets another name for Azure.`,
    );
  }
  return wiring;
}
