/**
 * The event of every trigger except HTTP. Each platform's page lists what `id`, `source` and `type` are made from.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent<Data = unknown> {
  /** Unique within `source`. The same for every delivery of a message. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339. */
  readonly time?: string | undefined;
  readonly subject?: string | undefined;
  readonly datacontenttype?: string | undefined;
  readonly dataschema?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** Attributes other than the standard ones: message attributes, a group id. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly data: Data;
}

/** A message of a batch. */
export interface BatchMessage<Data = unknown> extends CloudEvent<Data> {
  /** Which delivery of this message this is, counted from 1; undefined if the platform does not say. */
  readonly deliveryAttempt: number | undefined;
}

/** All messages of a batch, in the platform's order. */
export interface QueueBatch<Data = unknown> {
  readonly messages: readonly BatchMessage<Data>[];
}
