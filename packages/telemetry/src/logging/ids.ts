import type { Context } from '@tradewind/core';
import { spanIds } from '../span.js';
import type { Fields } from './leveled.js';

/** The ids that log lines have. */
export interface Ids {
  readonly function: string;
  readonly platform: string;
  readonly invocationId: string;
  readonly coldStart: boolean;
  readonly attempt: number | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** Reads the ids of a context. */
export function idsOf(context: Context): Ids {
  const { functionName, platform, invocationId, coldStart, deliveryAttempt: attempt } = context;
  const { traceId, spanId } = spanIds(context);
  return { function: functionName, platform, invocationId, coldStart, attempt, traceId, spanId };
}

/** Leaves out the ids that are not known. */
export function known(ids: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== undefined));
}

/** The fields without those that repeat an id of their line: core's own lines about a message have its attempt. */
export function unrepeated(fields: Fields, ids: object): Fields {
  try {
    const repeated = Object.entries(ids).filter(([name, id]) => Object.hasOwn(fields, name) && fields[name] === id);
    if (repeated.length === 0) return fields;
    const copy = { ...fields };
    for (const [name] of repeated) delete copy[name];
    return copy;
  } catch {
    // A proxy or a getter may throw. How such fields are written is up to the logger.
    return fields;
  }
}
