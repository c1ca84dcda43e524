import { InvocationContext, type LogSink } from '@tradewind/core/adapter';
import type { LambdaContext } from './types.js';

/** What Lambda says of an invocation, read when it is asked for. */
export class LambdaInvocation extends InvocationContext<LambdaContext> {
  get platform(): string {
    return 'lambda';
  }
  get invocationId(): string {
    return this.native.context?.awsRequestId ?? 'local';
  }
  override get platformDeadline(): number {
    // Called as a method: the runtime's own function reads `this`.
    return Date.now() + (this.native.context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY);
  }
  get rawEnv(): object {
    return process.env;
  }
  /**
   * With the JSON log format Lambda's `console` writes a line as a string into a line of its own: no field could be found, and
   * CloudWatch would see no metric. What is on standard output stays as it is.
   */
  override get logSink(): LogSink {
    return process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? STANDARD_OUTPUT : console;
  }
}

/** Lambda reads the level of a line only beside a `timestamp`. Without one even an error counts as INFO. */
function toStandardOutput(line: string): void {
  process.stdout.write(`{"timestamp":"${new Date().toISOString()}",${line.slice(1)}\n`);
}

const STANDARD_OUTPUT: LogSink = {
  debug: toStandardOutput,
  info: toStandardOutput,
  warn: toStandardOutput,
  error: toStandardOutput,
};
