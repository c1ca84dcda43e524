import type { InvocationContext } from '@tradewind/core/adapter';

const signals = new WeakMap<AbortSignal, AbortSignal>();

/**
 * The signal of an invocation whose client may leave. A message goes on without its sender: what was begun is worth
 * finishing, and a redelivery may find it done.
 *
 * @param late - aborts when the deadline is near.
 * @param left - aborts when the client leaves; undefined if that cannot be known.
 */
export function leftOrLate(
  { trigger, deadline, isDetached }: InvocationContext,
  late: AbortSignal,
  left: () => AbortSignal | undefined,
): AbortSignal {
  if (trigger.kind !== 'http' || isDetached) return late;
  let signal = signals.get(late);
  if (!signal) {
    const leaving = left();
    if (!leaving) return late;
    signal = deadline < Number.POSITIVE_INFINITY ? AbortSignal.any([late, leaving]) : leaving;
    signals.set(late, signal);
  }
  return signal;
}
