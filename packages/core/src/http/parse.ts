import { FunctionError, isFunctionError, statusOf } from '../errors.js';
import { Refusal } from '../function/trigger.js';
import { type SchemaIssue, type SchemaResult, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, isThenable } from '../thenable.js';
import { decodeBody, formatOf, type RawBody, readBody } from './body.js';
import type { HttpRequestEvent } from './event.js';
import { errorToResult, type ProblemIssue, toProblemIssues } from './problem.js';
import { problem } from './result.js';

/** What an HTTP function accepts. */
export interface Accepts {
  readonly method: string;
  readonly query: StandardSchema | undefined;
  readonly body: StandardSchema | undefined;
  /** In bytes. */
  readonly maxBodySize: number;
}

/** Parses a request: path, method, query, body, in this order. What is wrong with it comes back by value. */
export function parseRequest(event: HttpRequestEvent, accepts: Accepts): Awaitable<HttpRequestEvent | Refusal> {
  if (!event.matches)
    return new Refusal(problem(404, { detail: `There is nothing at ${event.path}.`, code: 'not_found' }));
  const { method } = event;
  if (event.allow !== undefined || (method !== accepts.method && !(method === 'HEAD' && accepts.method === 'GET'))) {
    return methodNotAllowed(method, event.allow ?? allowed(accepts.method));
  }
  try {
    const query = accepts.query && validate(accepts.query, event.query);
    const body = parseBody(event, accepts);
    if (isThenable(query) || isThenable(body)) {
      return Promise.all([query, body]).then(
        ([checkedQuery, checkedBody]) => conclude(event, checkedQuery, checkedBody),
        refuse,
      );
    }
    return conclude(event, query, body);
  } catch (error) {
    return refuse(error);
  }
}

/** The methods that a function of one method answers. */
export function allowed(method: string): string {
  return method === 'GET' ? 'GET, HEAD' : method;
}

function methodNotAllowed(method: string, allow: string): Refusal {
  const members = { detail: `${method} is not possible here; ${allow} is.`, code: 'method_not_allowed' };
  return new Refusal(problem(405, members, { headers: { allow } }));
}

/** A fault of the request's is a refusal; anything else (a schema that throws) is the function's own. */
function refuse(error: unknown): Refusal {
  if (isFunctionError(error) && statusOf(error.code) < 500) return new Refusal(errorToResult(error));
  throw error;
}

/** What the schema says of the body; undefined where there is no schema. */
type Checked = SchemaResult<unknown> | undefined;

function parseBody(event: HttpRequestEvent, accepts: Accepts): Awaitable<Checked> {
  // A GET or HEAD request's body has no meaning (RFC 9110, 9.3.1), so none is read where none is declared.
  if (!accepts.body && (event.method === 'GET' || event.method === 'HEAD')) {
    event.setBody(undefined);
    return undefined;
  }
  const raw = readBody(event.raw, accepts.maxBodySize);
  return isThenable(raw) ? raw.then((read) => decode(event, accepts.body, read)) : decode(event, accepts.body, raw);
}

function decode(event: HttpRequestEvent, schema: StandardSchema | undefined, raw: RawBody): Awaitable<Checked> {
  event.raw = raw;
  if (raw === undefined || raw.length === 0) return check(event, schema, undefined);
  const contentType = event.header('content-type');
  let value: unknown;
  try {
    value = decodeBody(raw, formatOf(contentType), contentType ?? '');
  } catch (error) {
    throw undecodable(event, error);
  }
  return isThenable(value) ? value.then((ready) => check(event, schema, ready)) : check(event, schema, value);
}

function check(event: HttpRequestEvent, schema: StandardSchema | undefined, value: unknown): Awaitable<Checked> {
  event.setBody(value);
  return schema && validate(schema, value);
}

/** A compressed body is not inflated: what it would become has no bound. It is refused where it cannot be passed on. */
function undecodable(event: HttpRequestEvent, error: unknown): unknown {
  const encoding = event.header('content-encoding') ?? 'identity';
  if (encoding === 'identity') return error;
  return new FunctionError(
    'unsupported_media_type',
    `The content encoding ${JSON.stringify(encoding)} is not supported.`,
  );
}

function conclude(event: HttpRequestEvent, query: Checked, body: Checked): HttpRequestEvent | Refusal {
  if (body?.issues && isUnsupported(event, body.issues)) return unsupported(event);
  if (query?.issues || body?.issues) {
    const errors: ProblemIssue[] = [
      ...toProblemIssues('query', query?.issues ?? []),
      ...toProblemIssues('body', body?.issues ?? []),
    ];
    const detail = 'The request does not fit what is expected; errors says where.';
    return new Refusal(problem(400, { detail, code: 'bad_request', errors }));
  }
  if (query) event.setQuery(query.value);
  if (body) event.setBody(body.value);
  return event;
}

/** A body that the schema refuses as a whole, and that is no JSON, came in the wrong format. */
function isUnsupported(event: HttpRequestEvent, issues: readonly SchemaIssue[]): boolean {
  return (
    event.body !== undefined &&
    formatOf(event.header('content-type')) !== 'json' &&
    issues.some((issue) => !issue.path?.length)
  );
}

function unsupported(event: HttpRequestEvent): Refusal {
  const type = event.header('content-type');
  const came = type ? `A body of type ${JSON.stringify(type)} is not accepted here.` : 'The body has no content-type.';
  const detail = `${came} Send application/json, if that is what it is.`;
  return new Refusal(problem(415, { detail, code: 'unsupported_media_type' }));
}
