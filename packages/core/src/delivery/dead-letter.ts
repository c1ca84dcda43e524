import type { InvocationContext } from '../context/context.js';
import type { CloudEvent } from '../messages/event.js';
import { withoutBytes } from './structured.js';

/** One error in a chain of causes. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
}

/** The data of the event that a dead-letter sink receives. */
export interface DeadLetter {
  /** The message as it arrived, before its schema was applied. Bytes are in `data_base64`. */
  readonly event: CloudEvent & { readonly data_base64?: string };
  /** Why the message was rejected: the error and its causes. */
  readonly errors: readonly ErrorDescription[];
  /** The delivery attempt, counted from 1; undefined if the platform does not say. */
  readonly attempt: number | undefined;
  readonly functionName: string;
  readonly platform: string;
  readonly invocationId: string;
}

const LONGEST_CHAIN = 10;

/** The event that is sent to a dead-letter sink. Its id is the message's, so it is the same for every delivery. */
export function toDeadLetter(event: CloudEvent, error: unknown, context: InvocationContext): CloudEvent<DeadLetter> {
  const { functionName, platform, invocationId, deliveryAttempt: attempt } = context;
  return {
    id: event.id,
    source: `/tradewind/${functionName}`,
    type: 'tradewind.deadletter',
    time: new Date(context.now()).toISOString(),
    subject: event.id,
    traceparent: event.traceparent,
    tracestate: event.tracestate,
    extensions: {},
    data: { event: withoutBytes(event), errors: chain(error), attempt, functionName, platform, invocationId },
  };
}

function chain(error: unknown): ErrorDescription[] {
  const errors: ErrorDescription[] = [];
  let at = error;
  while (at !== undefined && errors.length < LONGEST_CHAIN) {
    try {
      const { name, message, code, cause } = Object(at) as Error & { code?: unknown };
      errors.push({
        name: String(name ?? typeof at),
        message: String(message ?? at),
        code: code === undefined ? undefined : String(code),
      });
      at = cause;
    } catch {
      // A proxy, a getter that throws, or an object without a text form: the message must reach the sink all the same.
      errors.push({ name: typeof at, message: 'The thrown value cannot be read.' });
      break;
    }
  }
  return errors;
}
