/**
 * Attribute names from OpenTelemetry's semantic conventions. Those marked `dev` are still in development there and may
 * change.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/
 */
export const ATTRIBUTES = {
  method: 'http.request.method',
  originalMethod: 'http.request.method_original',
  status: 'http.response.status_code',
  route: 'http.route',
  path: 'url.path',
  scheme: 'url.scheme',
  host: 'server.address',
  port: 'server.port',
  userAgent: 'user_agent.original',
  errorType: 'error.type',
  /** dev */
  system: 'messaging.system',
  /** dev */
  operation: 'messaging.operation.type',
  /** dev */
  operationName: 'messaging.operation.name',
  /** dev */
  destination: 'messaging.destination.name',
  /** dev */
  messageId: 'messaging.message.id',
  /** dev */
  batchSize: 'messaging.batch.message_count',
  /** dev */
  trigger: 'faas.trigger',
  /** dev */
  invocationId: 'faas.invocation_id',
  /** dev */
  coldStart: 'faas.coldstart',
  /** dev */
  cron: 'faas.cron',
  /** dev */
  time: 'faas.time',
  /** dev */
  eventId: 'cloudevents.event_id',
  /** dev */
  eventSource: 'cloudevents.event_source',
  /** dev */
  eventType: 'cloudevents.event_type',
  /** dev */
  eventSubject: 'cloudevents.event_subject',
  /** Tradewind's own: how the delivery ended. */
  outcome: 'tradewind.outcome',
  /** Tradewind's own: how many messages of the batch were not acked. */
  batchFailed: 'tradewind.batch.failed',
  /** Tradewind's own: which delivery of the event this is, counted from 1. */
  attempt: 'tradewind.delivery_attempt',
  /** Tradewind's own: the adapter's name. */
  platform: 'tradewind.platform',
  /** Tradewind's own: the function's name. */
  functionName: 'tradewind.function',
} as const;
