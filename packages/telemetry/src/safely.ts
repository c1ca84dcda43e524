import { type InvocationContext, report } from '@tradewind/core/adapter';

let isTold = false;

/** Runs telemetry code. If it fails, the invocation goes on, and the instance logs one warning. */
export function safely<T>(context: InvocationContext, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isTold)
      report(context.log, 'warn', 'Telemetry failed. The invocation goes on; further failures are not logged.', {
        error,
      });
    isTold = true;
    return undefined;
  }
}
