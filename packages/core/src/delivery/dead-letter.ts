import type { InvocationContext } from '../context/context.js';
import type { CloudEvent } from '../messages/event.js';
import { withoutBytes } from './structured.js';

/** One error of a chain of causes. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
}

/** The data of the event that a dead-letter sink gets. */
export interface DeadLetter {
  /** The message, as the function would have got it before its schema. Bytes are in base64, in `data_base64`. */
  readonly event: CloudEvent & { readonly data_base64?: string };
  /** Why it was rejected: the error, and what caused it. */
  readonly errors: readonly ErrorDescription[];
  readonly attempt: number | undefined;
  readonly functionName: string;
  readonly platform: string;
  readonly invocationId: string;
}

const LONGEST_CHAIN = 10;

/** The event that tells a sink of a rejected message. The same message has the same id each time that it is told of. */
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
      // A proxy, a getter that throws, an object that no text can be made of: the message must get there all the same.
      errors.push({ name: typeof at, message: 'What was thrown cannot be read.' });
      break;
    }
  }
  return errors;
}
