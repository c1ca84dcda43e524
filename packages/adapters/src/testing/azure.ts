import type { AnyFunction, CloudEvent, Wiring } from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { type AzureApp, azure } from '../azure/index.js';
import type { AzureContext, AzureCookie, AzureHttpResponse, AzureTimer, EventGridEvent } from '../azure/types.js';
import { type ClientView, fromResponse } from './answers.js';

/** Calls the handler with which a function was registered. */
type Invoke = (trigger: unknown, metadata?: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Registers one function with a fake `app` of `@azure/functions`. */
export function onAzure(fn: AnyFunction): Invoke {
  let handler: ((trigger: never, context: AzureContext) => Promise<unknown>) | undefined;
  const keep = (_name: string, options: { readonly handler: typeof handler }): void => {
    handler = options.handler;
  };
  const app = { http: keep, storageQueue: keep, serviceBusQueue: keep, timer: keep, eventGrid: keep };
  azure(app as unknown as AzureApp, placed(fn));
  return async (trigger, triggerMetadata) =>
    handler?.(trigger as never, Object.assign(Object.create(CONTEXT), { triggerMetadata }));
}

/** Replaces the queue's name, because the comparison is about the function and not about names that Azure allows. */
function placed(fn: AnyFunction): AnyFunction {
  return fn.trigger.kind === 'queue' ? wired(fn, { queue: 'fake', ...fn.settings.wiring } as Wiring) : fn;
}

// The console provides its four log methods.
const CONTEXT: Console & AzureContext = Object.assign(Object.create(console), { invocationId: 'fake' });

/** Converts Azure's result to a response as its host does. */
export async function fromAzure(native: unknown): Promise<ClientView> {
  const { status, headers, cookies, body } = native as AzureHttpResponse;
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  const view = await fromResponse(new Response(hasBody ? (body ?? null) : null, { status, headers }));
  return { ...view, cookies: cookies.map(toSetCookie) };
}

/** The host encodes a cookie's value. */
function toSetCookie({ name, value, domain, path, expires, maxAge, httpOnly, secure, sameSite }: AzureCookie): string {
  return [
    `${name}=${encodeURIComponent(value)}`,
    domain && `Domain=${domain}`,
    path && `Path=${path}`,
    expires && `Expires=${expires.toUTCString()}`,
    maxAge !== undefined && `Max-Age=${maxAge}`,
    httpOnly && 'HttpOnly',
    secure && 'Secure',
    sameSite && `SameSite=${sameSite}`,
  ]
    .filter(Boolean)
    .join('; ');
}

const LATER = '9999-12-31T23:59:59Z';

/** The host's metadata for a storage queue message. */
export function storageMetadata({ id, time }: CloudEvent, attempt: number): Readonly<Record<string, unknown>> {
  const times = { insertionTime: time, expirationTime: LATER, nextVisibleTime: LATER };
  return { id, dequeueCount: attempt, ...times, popReceipt: `receipt-${id}` };
}

type Metadata = Readonly<Record<string, unknown>>;

/** The host's metadata for a Service Bus message. */
export function busMetadata(message: CloudEvent, attempt: number, sequenceNumber: unknown = 1): Metadata {
  const { id, time, extensions, traceparent, tracestate } = message;
  const applicationProperties = { ...extensions, traceparent, tracestate };
  return { messageId: id, deliveryCount: attempt, enqueuedTimeUtc: time, sequenceNumber, applicationProperties };
}

/** The host's metadata for a batch: a list for each property. */
export function busMetadataOfAll(messages: readonly CloudEvent[], attempt: number): Metadata {
  // The library reduces numbers of 64 bits in a list to their halves.
  const all = messages.map((message, index) =>
    busMetadata(message, attempt, { low: index + 1, high: 0, unsigned: false }),
  );
  const names = Object.keys(all[0] ?? {});
  return Object.fromEntries(names.map((name) => [`${name}Array`, all.map((one) => one[name])]));
}

/** An event in Event Grid's own schema. */
export function toEventGrid({ id, source, time, subject = '', data }: CloudEvent, eventType: string): EventGridEvent {
  const versions = { dataVersion: '1.0', metadataVersion: '1' };
  return { id, topic: source, subject, eventType, eventTime: time ?? '', ...versions, data };
}

/** What the host passes for a run of a timer. */
export function toTimer(time: string): AzureTimer {
  const scheduleStatus = { last: time, lastUpdated: time, next: LATER };
  return Object.assign({ isPastDue: false }, { schedule: { adjustForDST: true }, scheduleStatus });
}
