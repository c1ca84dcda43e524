import { type Attributes, type Context, type Link, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { AnyEvent, CloudEvent, HttpEvent, QueueBatch } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { ATTRIBUTES } from '../attributes.js';
import { knownMethod, routeOf, schemeOf } from '../request.js';
import { messageParent, platformParent, requestParent } from './parents.js';

/** What a span is started with. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly parent: Context;
  readonly links: Link[];
}

/** The members of triggers that a span needs. */
interface TriggerFacts {
  readonly kind: string;
  readonly queue?: string;
  readonly type?: string;
  readonly cron?: string;
}

/** A span's name, kind, attributes, parent and links, before the invocation runs. */
export function spanStart(event: AnyEvent, context: InvocationContext): SpanStart {
  const trigger = context.trigger as unknown as TriggerFacts;
  const common: Attributes = {
    [ATTRIBUTES.functionName]: context.functionName,
    [ATTRIBUTES.platform]: context.platform,
    [ATTRIBUTES.invocationId]: context.invocationId,
    [ATTRIBUTES.coldStart]: context.coldStart,
  };
  if ('messages' in event) return batch(event, trigger, common, context);
  return 'method' in event ? request(event, common, context) : message(event, trigger, common, context);
}

function request(event: HttpEvent, common: Attributes, context: InvocationContext): SpanStart {
  const { method, headers } = event;
  const known = knownMethod(method);
  const { route } = routeOf(event, context);
  const attributes: Attributes = {
    ...common,
    [ATTRIBUTES.trigger]: 'http',
    [ATTRIBUTES.method]: known,
    [ATTRIBUTES.path]: event.path,
    [ATTRIBUTES.scheme]: schemeOf(event),
    ...textOf(ATTRIBUTES.route, route),
    ...textOf(ATTRIBUTES.host, headers.get('host')),
    ...textOf(ATTRIBUTES.userAgent, headers.get('user-agent')),
  };
  const name = `${known === '_OTHER' ? 'HTTP' : known} ${route ?? ''}`.trimEnd();
  return { name, kind: SpanKind.SERVER, attributes, parent: requestParent(event, context), links: [] };
}

function message(event: CloudEvent, trigger: TriggerFacts, common: Attributes, context: InvocationContext): SpanStart {
  const { kind, cron, queue, type = event.type } = trigger;
  const attributes: Attributes = {
    ...common,
    ...cloudEvent(event),
    ...(context.deliveryAttempt !== undefined && { [ATTRIBUTES.attempt]: context.deliveryAttempt }),
  };
  const own = messageParent(event);
  const platform = platformParent(context);
  // A message belongs to its own trace; the trace of the invocation that carries it becomes a link.
  const links = own && platform ? [{ context: platform }] : [];
  const parent = own ?? (platform ? trace.setSpanContext(ROOT_CONTEXT, platform) : ROOT_CONTEXT);
  if (kind === 'schedule') {
    const timed: Attributes = {
      [ATTRIBUTES.trigger]: 'timer',
      ...textOf(ATTRIBUTES.cron, cron),
      ...textOf(ATTRIBUTES.time, event.time),
    };
    return {
      name: context.functionName,
      kind: SpanKind.SERVER,
      attributes: { ...attributes, ...timed },
      parent,
      links,
    };
  }
  const messaging: Attributes = {
    ...processing(event, kind, queue ?? type, context),
    [ATTRIBUTES.messageId]: event.id,
  };
  const name = `process ${queue ?? type}`;
  return { name, kind: SpanKind.CONSUMER, attributes: { ...attributes, ...messaging }, parent, links };
}

function batch(
  { messages }: QueueBatch,
  { queue = '' }: TriggerFacts,
  common: Attributes,
  context: InvocationContext,
): SpanStart {
  const platform = platformParent(context);
  const links = messages.flatMap((one) => {
    const own = messageParent(one);
    const spanContext = own && trace.getSpanContext(own);
    return spanContext ? [{ context: spanContext, attributes: { [ATTRIBUTES.messageId]: one.id } }] : [];
  });
  const attributes = {
    ...common,
    ...(messages[0] && processing(messages[0], 'queue', queue, context)),
    [ATTRIBUTES.batchSize]: messages.length,
  };
  const parent = platform ? trace.setSpanContext(ROOT_CONTEXT, platform) : ROOT_CONTEXT;
  return { name: `process ${queue}`, kind: SpanKind.CONSUMER, attributes, parent, links };
}

function processing(
  { source }: CloudEvent,
  kind: string,
  destination: string,
  { platform }: InvocationContext,
): Attributes {
  return {
    [ATTRIBUTES.trigger]: 'pubsub',
    [ATTRIBUTES.operation]: 'process',
    [ATTRIBUTES.operationName]: 'process',
    [ATTRIBUTES.destination]: destination,
    [ATTRIBUTES.system]: systemOf(source, kind, platform),
  };
}

/** Each platform's queue, by the conventions' name if they have one. */
const QUEUES: Readonly<Record<string, string>> = {
  lambda: 'aws_sqs',
  cloudflare: 'cloudflare_queues',
  gcf: 'gcp_pubsub',
  node: 'gcp_pubsub',
  azure: 'azure_storage_queue',
};
/** Each platform's event source, likewise. */
const BUSES: Readonly<Record<string, string>> = {
  lambda: 'aws_eventbridge',
  azure: 'eventgrid',
  gcf: 'gcp_eventarc',
};

function systemOf(source: string, kind: string, platform: string): string {
  if (kind === 'queue' && source.startsWith('urn:azure:service-bus')) return 'servicebus';
  return (kind === 'queue' ? QUEUES : BUSES)[platform] ?? 'cloudevents';
}

function cloudEvent({ id, source, type, subject }: CloudEvent): Attributes {
  return {
    [ATTRIBUTES.eventId]: id,
    [ATTRIBUTES.eventSource]: source,
    [ATTRIBUTES.eventType]: type,
    ...textOf(ATTRIBUTES.eventSubject, subject),
  };
}

function textOf(name: string, value: string | null | undefined): Attributes {
  return value === null || value === undefined ? {} : { [name]: value };
}
