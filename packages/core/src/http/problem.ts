import type { InvocationContext } from '../context/context.js';
import { FunctionError, isFunctionError, statusOf } from '../errors.js';
import { emit } from '../observe.js';
import { pathOf, type SchemaIssue } from '../schema.js';
import { type HttpResult, problem } from './result.js';

/** An error as the client may see it: below 500 with its message, from there on with nothing of its own. */
export function errorToResult(error: FunctionError): HttpResult {
  const status = statusOf(error.code);
  return problem(status, status < 500 ? { detail: error.message, code: error.code } : { code: error.code });
}

/** Any error as a result. What the client does not see is logged. */
export function recoverHttp(error: unknown, context: InvocationContext): HttpResult {
  const known = isFunctionError(error) ? error : undefined;
  if (known && statusOf(known.code) < 500) return errorToResult(known);
  context.log.error(`${context.functionName} failed.`, { error });
  emit(() => ({
    type: 'http.failed',
    functionName: context.functionName,
    invocationId: context.invocationId,
    error,
  }));
  return errorToResult(known ?? new FunctionError('internal'));
}

/** Which part of a request an issue is in. */
export type RequestPart = 'body' | 'query';

/** One entry of a problem's `errors`. */
export interface ProblemIssue {
  readonly in: RequestPart;
  /** A JSON pointer as a URI fragment: `#/items/0/qty`. */
  readonly pointer: string;
  readonly detail: string;
}

/** A schema's issues in the words of RFC 9457, section 3. */
export function toProblemIssues(part: RequestPart, issues: readonly SchemaIssue[]): ProblemIssue[] {
  return Array.from(issues, (issue) => ({
    in: part,
    pointer: `#${pathOf(issue)
      .map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
      .join('')}`,
    detail: issue.message,
  }));
}
