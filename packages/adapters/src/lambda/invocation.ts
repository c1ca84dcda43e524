import { InvocationContext, type LogSink } from '@tradewind/core/adapter';
import type { LambdaContext } from './types.js';

/** An invocation on Lambda. Its members are read from Lambda's context on access. */
export class LambdaInvocation extends InvocationContext<LambdaContext> {
  get platform(): string {
    return 'lambda';
  }
  get invocationId(): string {
    return this.native.context?.awsRequestId ?? 'local';
  }
  override get platformDeadline(): number {
    // Called as a method, because the runtime's function uses `this`.
    return Date.now() + (this.native.context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY);
  }
  get rawEnv(): object {
    return process.env;
  }
  /**
   * With the JSON log format, Lambda's `console` puts each line as a string into another line: its fields could not be
   * searched, and CloudWatch would not see metrics. Standard output is not changed.
   */
  override get logSink(): LogSink {
    return process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? STANDARD_OUTPUT : console;
  }
}

/** Lambda reads a line's level only if it has a `timestamp`. Without one, even an error counts as INFO. */
function toStandardOutput(line: string): void {
  process.stdout.write(`${line.slice(0, -1)},"timestamp":"${new Date().toISOString()}"}\n`);
}

const STANDARD_OUTPUT: LogSink = {
  debug: toStandardOutput,
  info: toStandardOutput,
  warn: toStandardOutput,
  error: toStandardOutput,
};
