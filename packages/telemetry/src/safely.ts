import { type InvocationContext, report } from '@tradewind/core/adapter';

let isTold = false;

/** Does what watches an invocation: where it fails, the invocation does not. */
export function safely<T>(context: InvocationContext, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    failed(context, error);
    return undefined;
  }
}

/** Says that what watches has failed, once an instance. */
export function failed(context: InvocationContext, error: unknown): void {
  if (!isTold)
    report(context.log, 'warn', 'Telemetry failed. The invocation goes on, and further failures are not told.', {
      error,
    });
  isTold = true;
}
