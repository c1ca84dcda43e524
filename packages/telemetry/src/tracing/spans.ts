import { type Attributes, type Context, type Link, SpanKind } from '@opentelemetry/api';
import type { AnyEvent, CloudEvent, HttpEvent, QueueBatch } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { ATTRIBUTES } from '../attributes.js';
import { knownMethod, routeOf, schemeOf, serverOf } from '../request.js';
import { invocationParent, messageParent, type Parent, platformTrace, requestParent } from './parents.js';

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
    [ATTRIBUTES.scheme]: schemeOf(event, context),
    ...(known !== method && { [ATTRIBUTES.originalMethod]: method }),
    ...textOf(ATTRIBUTES.route, route),
    ...serverOf(headers.get('host')),
    ...textOf(ATTRIBUTES.userAgent, headers.get('user-agent')),
  };
  const name = `${known === '_OTHER' ? 'HTTP' : known} ${route ?? ''}`.trimEnd();
  return { name, kind: SpanKind.SERVER, attributes, parent: requestParent(event, context).context, links: [] };
}

function message(event: CloudEvent, trigger: TriggerFacts, common: Attributes, context: InvocationContext): SpanStart {
  const { kind, cron, queue, type = event.type } = trigger;
  const attributes: Attributes = {
    ...common,
    ...cloudEvent(event),
    ...(context.deliveryAttempt !== undefined && { [ATTRIBUTES.attempt]: context.deliveryAttempt }),
  };
  const continued = messageParent(event, context);
  const parent = continued.context;
  const links = besides(continued, context);
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

/** A message belongs to its own trace; the trace of the invocation that carries it becomes a link. */
function besides({ remote }: Parent, context: InvocationContext): Link[] {
  const platform = remote && platformTrace(context);
  return platform ? [{ context: platform }] : [];
}

function batch(
  { messages }: QueueBatch,
  { queue = '' }: TriggerFacts,
  common: Attributes,
  context: InvocationContext,
): SpanStart {
  const links = messages.flatMap((one) => {
    const { remote } = messageParent(one, context);
    return remote ? [{ context: remote, attributes: { [ATTRIBUTES.messageId]: one.id } }] : [];
  });
  const attributes = {
    ...common,
    ...(messages[0] && processing(messages[0], 'queue', queue, context)),
    [ATTRIBUTES.batchSize]: messages.length,
  };
  const parent = invocationParent(context).context;
  return { name: `process ${queue}`, kind: SpanKind.CONSUMER, attributes, parent, links };
}

function processing(event: CloudEvent, kind: string, destination: string, context: InvocationContext): Attributes {
  return {
    [ATTRIBUTES.trigger]: 'pubsub',
    [ATTRIBUTES.operation]: 'process',
    [ATTRIBUTES.operationName]: 'process',
    [ATTRIBUTES.destination]: destination,
    [ATTRIBUTES.system]: systemOf(event, kind, context),
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

function systemOf({ source }: CloudEvent, kind: string, { platform, wiring, native }: InvocationContext): string {
  if (kind !== 'queue') return BUSES[platform] ?? 'cloudevents';
  // Azure has two kinds of queues. A message sent by Tradewind has its sender's source, which does not tell them apart.
  const isServiceBus =
    (wiring as { source?: unknown } | undefined)?.source === 'serviceBus' || source.startsWith('urn:azure:service-bus');
  if (platform === 'azure' && isServiceBus) return 'servicebus';
  // Pub/Sub pushes its own format, or CloudEvents of its own type; other CloudEvents come from an unknown broker.
  if (platform === 'node' && isCloudEvent(Object(native?.event).headers)) return 'cloudevents';
  return QUEUES[platform] ?? 'cloudevents';
}

function isCloudEvent(headers: unknown): boolean {
  const { 'content-type': contentType, 'ce-type': type } = Object(headers) as Readonly<Record<string, unknown>>;
  if (typeof type === 'string') return !type.startsWith('google.cloud.pubsub.');
  return typeof contentType === 'string' && contentType.startsWith('application/cloudevents');
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
