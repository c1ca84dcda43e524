/**
 * Everything that is not HTTP is a CloudEvent. Each platform's page says what its `id`, `source` and `type` are made
 * from.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent<Data = unknown> {
  /** Unique within `source`: the same for every delivery of one message. */
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
  /** Attributes beyond the standard ones: message attributes, a group id. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly data: Data;
}

/** A message of a batch. */
export interface BatchMessage<Data = unknown> extends CloudEvent<Data> {
  /** Which delivery of this message it is, counted from 1; undefined where the platform does not say. */
  readonly deliveryAttempt: number | undefined;
}

/** All the messages that a platform hands over at once, in its order. */
export interface QueueBatch<Data = unknown> {
  readonly messages: readonly BatchMessage<Data>[];
}
