import type { AnyFunction, Kind } from '@tradewind/core';
import { checkDelays } from '../shared/delays.js';
import { type Decode, toEndpoint } from './endpoint.js';
import { events, queueMessages, times } from './messages.js';
import type { Verify } from './senders.js';

/** The kinds of functions that a server can run. */
export type NodeKind = 'http' | 'queue' | 'event' | 'schedule';
/** All of them. */
export const KINDS: readonly NodeKind[] = ['http', 'queue', 'event', 'schedule'];

const POSTED: Readonly<Partial<Record<Kind, Decode>>> = { queue: queueMessages, event: events, schedule: times };

/**
 * Turns every function into an HTTP function.
 *
 * @param verify - checks who posts a message.
 */
export function toRequests(functions: readonly AnyFunction[], verify?: Verify): readonly AnyFunction[] {
  return functions.map((fn) => {
    const decode = POSTED[fn.trigger.kind as NodeKind];
    if (!decode) return fn;
    if (fn.trigger.kind === 'queue') checkDelays(fn, 'Pub/Sub', 'on(fn, { redeliver: ... })');
    return toEndpoint(fn, decode, verify);
  });
}
