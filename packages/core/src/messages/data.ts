import { FunctionError, isFunctionError } from '../errors.js';
import { parseJson } from '../json.js';
import { pathOf, type SchemaIssue, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, andThen } from '../thenable.js';
import type { CloudEvent } from './event.js';

/**
 * The data in a message's text: JSON where it is an object, an array or a quoted string, otherwise the text itself.
 * A bare number or literal stays text, because an id such as `89e7073266` or one of 20 digits does not survive as a
 * number. Text that only looks like JSON stays text too: whether that will do is for the schema to say.
 */
export function dataFromText(text: string): unknown {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[' && first !== '"') return text;
  try {
    return parseJson(text);
  } catch (error) {
    // A polluted one is no text that anybody meant to send.
    if (isFunctionError(error) && error.cause === undefined) throw error;
    return text;
  }
}

/** The event with its data checked. A message that does not fit its schema fails: it has no answer to be refused with. */
export function checkData(event: CloudEvent, schema: StandardSchema | undefined): Awaitable<CloudEvent> {
  if (!schema) return event;
  return andThen(validate(schema, event.data), (result) => {
    if (!result.issues) return { ...event, data: result.value };
    throw new FunctionError('bad_request', `Message ${event.id} does not fit its schema: ${explain(result.issues)}`);
  });
}

function explain(issues: readonly SchemaIssue[]): string {
  return Array.from(issues, (issue) => `${['data', ...pathOf(issue)].join('.')}: ${issue.message}`).join('; ');
}
