import type { InvocationContext } from '../context/context.js';

/** What runs for an event: the handler, or all that stands around it. */
export type Run = (event: unknown, context: InvocationContext) => unknown;

/** Stands around what runs inside it: recovery, the timeout, the environment, parsing, the user's middleware. */
export type Stage = (inner: Run) => Run;

/**
 * The engine: one fold from the right, at definition. The first stage is the outermost. Only promises are awaited, so
 * that with a synchronous handler the whole way is synchronous.
 */
export function compose(stages: readonly Stage[], handler: Run): Run {
  return stages.reduceRight((inner, stage) => stage(inner), handler);
}
