import type { InvocationContext } from '../context/context.js';
import { report } from '../context/logger.js';
import { scrubbed } from '../context/secrets.js';
import { isDeliverySignal } from '../delivery/signal.js';
import { describe, type FunctionError, isError, isFunctionError, statusOf } from '../errors.js';
import type { Stage } from '../function/compose.js';
import { emit } from '../observe.js';
import { firstOf, pathOf, type SchemaIssue } from '../schema.js';
import { isThenable } from '../thenable.js';
import { type HttpResult, isResponse, problem, toHttpResult } from './result.js';
import { keepThrown } from './thrown.js';

/** Makes a result of what a request's handler returned or threw, in one step. */
export const recoverRequest: Stage = (inner) => {
  const settle = (value: unknown, context: InvocationContext): HttpResult => {
    try {
      return toHttpResult(value);
    } catch (error) {
      return recoverHttp(error, context);
    }
  };
  // A separate function, because a function that contains closures costs more even when it does not create them.
  const settleLater = (value: PromiseLike<unknown>, context: InvocationContext): Promise<HttpResult> =>
    Promise.resolve(value).then(
      (ready) => settle(ready, context),
      (error) => recoverHttp(error, context),
    );
  return (event, context) => {
    let value: unknown;
    let isLater: boolean;
    try {
      value = inner(event, context);
      isLater = isThenable(value);
    } catch (error) {
      return recoverHttp(error, context);
    }
    return isLater ? settleLater(value as PromiseLike<unknown>, context) : settle(value, context);
  };
};

/** Converts any error to a result: below 500 with its message; from 500 on with no details, and logged. */
export function recoverHttp(thrown: unknown, context: InvocationContext): HttpResult {
  const error = scrubbed(thrown);
  const result = resultOf(error, context);
  keepThrown(result, error);
  return result;
}

function resultOf(error: unknown, context: InvocationContext): HttpResult {
  const status = isFunctionError(error) ? statusOf(error.code) : 500;
  if (status < 500) return problem(status, { detail: (error as FunctionError).message });
  const { functionName, invocationId } = context;
  report(context.log, 'error', `${functionName} failed${hint(error)}.`, { error });
  emit(() => ({ type: 'http.failed', functionName, invocationId, error }));
  return problem(status);
}

/** Explains what was thrown by mistake, which the logged value alone would not. */
function hint(error: unknown): string {
  try {
    if (isDeliverySignal(error))
      return `: ${error.outcome} is for messages; throw a FunctionError such as 'unavailable'`;
    if (isResponse(error)) return ': it threw a Response; return it instead';
    return isError(error) ? '' : `: it threw ${describe(error)}, which is not an error`;
  } catch {
    // The value may be a proxy whose traps throw.
    return '';
  }
}

/** One entry of a problem's `errors`. */
export interface ProblemIssue {
  /** The part of the request that has the issue. */
  readonly in: 'body' | 'query';
  /** A JSON pointer as a URI fragment: `#/items/0/qty`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Converts a schema's issues to the form of RFC 9457, section 3. */
export function toProblemIssues(part: ProblemIssue['in'], issues: readonly SchemaIssue[] = []): ProblemIssue[] {
  return firstOf(issues, (issue) => ({
    in: part,
    pointer: ['#', ...pathOf(issue).map(escaped)].join('/'),
    detail: issue.message,
  }));
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}
