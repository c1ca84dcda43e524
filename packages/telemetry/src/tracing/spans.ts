import { type Attributes, type Context, type Link, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { AnyEvent, CloudEvent, HttpEvent, QueueBatch } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { knownMethod } from '../methods.js';
import { NAMES } from './names.js';
import { messageParent, platformParent, requestParent } from './parents.js';

/** What a span is begun with. */
export interface Begun {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly parent: Context;
  readonly links: Link[];
}

/** What is said of a trigger by its kind. */
interface Traced {
  readonly kind: string;
  readonly path?: string;
  readonly queue?: string;
  readonly type?: string;
  readonly cron?: string;
}

/** What is to be said of an invocation before it runs. */
export function begunBy(event: AnyEvent, context: InvocationContext): Begun {
  const trigger = context.trigger as unknown as Traced;
  const common: Attributes = {
    [NAMES.functionName]: context.functionName,
    [NAMES.platform]: context.platform,
    [NAMES.invocationId]: context.invocationId,
    [NAMES.coldStart]: context.coldStart,
  };
  if ('messages' in event) return batch(event, trigger, common, context);
  return 'method' in event ? request(event, trigger, common, context) : message(event, trigger, common, context);
}

function request(event: HttpEvent, { path }: Traced, common: Attributes, context: InvocationContext): Begun {
  const { method, headers } = event;
  const known = knownMethod(method);
  const attributes: Attributes = {
    ...common,
    [NAMES.trigger]: 'http',
    [NAMES.method]: known,
    [NAMES.path]: event.path,
    ...(path !== undefined && { [NAMES.route]: path }),
    ...textOf(NAMES.host, headers.get('host')),
    ...textOf(NAMES.userAgent, headers.get('user-agent')),
  };
  const name = `${known === '_OTHER' ? 'HTTP' : known} ${path ?? ''}`.trimEnd();
  return { name, kind: SpanKind.SERVER, attributes, parent: requestParent(event, context), links: [] };
}

function message(event: CloudEvent, trigger: Traced, common: Attributes, context: InvocationContext): Begun {
  const { kind, cron, queue, type = event.type } = trigger;
  const attributes: Attributes = {
    ...common,
    ...cloudEvent(event),
    ...(context.deliveryAttempt !== undefined && { [NAMES.attempt]: context.deliveryAttempt }),
  };
  const own = messageParent(event);
  const platform = platformParent(context);
  // The message's own trace is what it belongs to; the one of the invocation that happens to carry it is beside it.
  const links = own && platform ? [{ context: platform }] : [];
  const parent = own ?? (platform ? trace.setSpanContext(ROOT_CONTEXT, platform) : ROOT_CONTEXT);
  if (kind === 'schedule') {
    const timed: Attributes = {
      [NAMES.trigger]: 'timer',
      ...textOf(NAMES.cron, cron),
      ...textOf(NAMES.time, event.time),
    };
    return {
      name: context.functionName,
      kind: SpanKind.SERVER,
      attributes: { ...attributes, ...timed },
      parent,
      links,
    };
  }
  const messaging: Attributes = { ...processing(event, queue ?? type, context), [NAMES.messageId]: event.id };
  const name = `process ${queue ?? type}`;
  return { name, kind: SpanKind.CONSUMER, attributes: { ...attributes, ...messaging }, parent, links };
}

function batch(
  { messages }: QueueBatch,
  { queue = '' }: Traced,
  common: Attributes,
  context: InvocationContext,
): Begun {
  const platform = platformParent(context);
  const links = messages.flatMap((one) => {
    const own = messageParent(one);
    const spanContext = own && trace.getSpanContext(own);
    return spanContext ? [{ context: spanContext, attributes: { [NAMES.messageId]: one.id } }] : [];
  });
  const attributes = {
    ...common,
    ...(messages[0] && processing(messages[0], queue, context)),
    [NAMES.batchSize]: messages.length,
  };
  const parent = platform ? trace.setSpanContext(ROOT_CONTEXT, platform) : ROOT_CONTEXT;
  return { name: `process ${queue}`, kind: SpanKind.CONSUMER, attributes, parent, links };
}

function processing({ source }: CloudEvent, destination: string, { platform }: InvocationContext): Attributes {
  return {
    [NAMES.trigger]: 'pubsub',
    [NAMES.operation]: 'process',
    [NAMES.operationName]: 'process',
    [NAMES.destination]: destination,
    [NAMES.system]: systemOf(source, platform),
  };
}

/** What a platform's queue is, where the event does not say it: one that `sender(...)` has sent names its sender. */
const SYSTEMS: Readonly<Record<string, string>> = {
  lambda: 'aws_sqs',
  cloudflare: 'cloudflare_queues',
  gcf: 'gcp_pubsub',
  node: 'gcp_pubsub',
  azure: 'azure_storage_queue',
};

function systemOf(source: string, platform: string): string {
  if (source.startsWith('urn:azure:service-bus')) return 'servicebus';
  return SYSTEMS[platform] ?? 'cloudevents';
}

function cloudEvent({ id, source, type, subject }: CloudEvent): Attributes {
  return {
    [NAMES.eventId]: id,
    [NAMES.eventSource]: source,
    [NAMES.eventType]: type,
    ...textOf(NAMES.eventSubject, subject),
  };
}

function textOf(name: string, value: string | null | undefined): Attributes {
  return value === null || value === undefined ? {} : { [name]: value };
}
