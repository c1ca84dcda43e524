import { type InvocationContext, report } from '@tradewind/core/adapter';

let isTold = false;

/** Does what watches an invocation: where it fails, the invocation does not, and an instance says so once. */
export function safely<T>(context: InvocationContext, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isTold)
      report(context.log, 'warn', 'Telemetry failed. The invocation goes on, and further failures are not told.', {
        error,
      });
    isTold = true;
    return undefined;
  }
}
