import { type InvocationContext, report } from '@tradewind/core/adapter';

let isTold = false;

/** Does what watches an invocation: where it fails, the invocation does not. */
export function safely<T>(context: InvocationContext, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    tellOnce(context, error);
    return undefined;
  }
}

/** Says that telemetry fails, once an instance: an exporter that is down would have a line for every invocation. */
export function tellOnce(context: InvocationContext, error: unknown): void {
  if (isTold) return;
  isTold = true;
  report(context.log, 'warn', 'Telemetry failed. The invocation goes on, and further failures are not told.', {
    error,
  });
}
