import type { Context } from '@tradewind/core';
import { spanIds } from '../span.js';

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
