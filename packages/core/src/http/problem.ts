import type { InvocationContext } from '../context/context.js';
import { report } from '../context/logger.js';
import { scrubbed } from '../context/secrets.js';
import { isDeliverySignal } from '../delivery/signal.js';
import { describe, type FunctionError, isError, isFunctionError, statusOf } from '../errors.js';
import { emit } from '../observe.js';
import { firstOf, pathOf, type SchemaIssue } from '../schema.js';
import { type HttpResult, isResponse, problem } from './result.js';
import { keepThrown } from './thrown.js';

/** Any error as a result: below 500 with its message; from there on with nothing of its own, and logged. */
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

/** What is thrown by mistake, in words: a log line of it says little. */
function hint(error: unknown): string {
  try {
    if (isDeliverySignal(error)) return `: ${error.outcome} is for messages; throw a FunctionError, 'unavailable' say`;
    if (isResponse(error)) return ': it threw a Response; return it';
    return isError(error) ? '' : `: it threw ${describe(error)}, which is no error`;
  } catch {
    // A proxy may throw whatever it is asked.
    return '';
  }
}

/** One entry of a problem's `errors`. */
export interface ProblemIssue {
  /** Which part of the request the issue is in. */
  readonly in: 'body' | 'query';
  /** A JSON pointer as a URI fragment: `#/items/0/qty`. */
  readonly pointer: string;
  readonly detail: string;
}

/** A schema's issues in the words of RFC 9457, section 3. */
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
