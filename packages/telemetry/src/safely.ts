import { type InvocationContext, report } from '@tradewind/core/adapter';

let isTold = false;

/** Runs telemetry code. If it fails, the invocation goes on, and the instance logs one warning. */
export function safely<T>(context: InvocationContext, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    tellOnce(context, error);
    return undefined;
  }
}

/** Logs a failure of telemetry, once per instance: an exporter that is down would otherwise cause a line per invocation. */
export function tellOnce(context: InvocationContext, error: unknown): void {
  if (isTold) return;
  isTold = true;
  report(context.log, 'warn', 'Telemetry failed. The invocation goes on; further failures are not logged.', {
    error,
  });
}
