import type { InvocationContext } from '../context/context.js';
import { FunctionError } from '../errors.js';
import type { Step } from '../function/trigger.js';
import { explain, type SchemaResult, type StandardSchema, validate } from '../schema.js';
import { andThen } from '../thenable.js';
import type { CloudEvent } from './event.js';

/** Checks a message's data and goes on. One that does not fit fails: it has no answer to be refused with. */
export function parseMessage(
  event: CloudEvent,
  schema: StandardSchema | undefined,
  context: InvocationContext,
  go: Step,
): unknown {
  return schema ? andThen(validate(schema, event.data), withData, event, context, go) : go(event, context);
}

function withData(result: SchemaResult<unknown>, event: CloudEvent, context: InvocationContext, go: Step): unknown {
  if (!result.issues) return go({ ...event, data: result.value }, context);
  throw new FunctionError(
    'bad_request',
    `Message ${event.id} does not fit its schema: ${explain('data', result.issues)}`,
  );
}
