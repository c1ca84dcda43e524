import { reject } from '../delivery/signal.js';
import type { Stage } from '../function/compose.js';
import { explain, type SchemaResult, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, andThen } from '../thenable.js';
import type { CloudEvent } from './event.js';
import { keepRaw } from './raw.js';

/** Validates a message's data. A message that does not match is rejected: no further delivery would help. */
export function checkMessage(event: CloudEvent, schema: StandardSchema | undefined): Awaitable<CloudEvent> {
  return schema ? andThen(validate(schema, event.data), withData, event) : event;
}

/** Validates each message before what is inside sees it. */
export function parseMessages(schema: StandardSchema | undefined): Stage {
  return (inner) =>
    schema ? (event, context) => andThen(checkMessage(event as CloudEvent, schema), inner, context) : inner;
}

function withData(result: SchemaResult<unknown>, event: CloudEvent): CloudEvent {
  if (result.issues) {
    throw reject(`Message ${event.id} does not match its schema: ${explain('data', result.issues)}`);
  }
  return keepRaw({ ...event, data: result.value }, event.data);
}
