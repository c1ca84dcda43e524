import { FunctionError, isFunctionError, statusOf } from '../errors.js';
import { Refusal } from '../function/trigger.js';
import { type StandardSchema, type SchemaResult, validate } from '../schema.js';
import { type Awaitable, andThen, isThenable } from '../thenable.js';
import { type BodyFormat, decodeBody, formatOf, readBody } from './body.js';
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
  if (!event.matches) return new Refusal(problem(404, { detail: `There is nothing at ${event.path}.`, code: 'not_found' }));
  const { method } = event;
  if (event.allow !== undefined || (method !== accepts.method && !(method === 'HEAD' && accepts.method === 'GET'))) {
    return methodNotAllowed(method, event.allow ?? allowed(accepts.method));
  }
  try {
    const query = accepts.query ? validate(accepts.query, event.query) : undefined;
    const parsed = isThenable(query)
      ? query.then((checked) => parseBody(event, accepts, checked as SchemaResult<unknown>))
      : parseBody(event, accepts, query as SchemaResult<unknown> | undefined);
    return isThenable(parsed) ? parsed.then(undefined, refuse) : parsed;
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

function parseBody(
  event: HttpRequestEvent,
  accepts: Accepts,
  query: SchemaResult<unknown> | undefined,
): Awaitable<HttpRequestEvent | Refusal> {
  // A GET or HEAD request's body has no meaning (RFC 9110, 9.3.1), so none is read where none is declared.
  if (!accepts.body && (event.method === 'GET' || event.method === 'HEAD')) {
    event.setBody(undefined);
    return conclude(event, query, undefined, 'none');
  }
  return andThen(readBody(event.read, accepts.maxBodySize), (raw) => {
    event.read = raw;
    const contentType = event.source.header('content-type');
    const format: BodyFormat = raw === undefined || raw.length === 0 ? 'none' : formatOf(contentType);
    const body = format === 'none' ? undefined : decode(event, raw as string | Uint8Array, format, contentType ?? '');
    return andThen(body, (value) => {
      event.setBody(value);
      if (!accepts.body) return conclude(event, query, undefined, format);
      return andThen(validate(accepts.body, value) as Awaitable<SchemaResult<unknown>>, (checked) =>
        conclude(event, query, checked, format),
      );
    });
  });
}

/** A compressed body is not inflated: what it would become has no bound. It is refused where it cannot be passed on. */
function decode(event: HttpRequestEvent, raw: string | Uint8Array, format: BodyFormat, contentType: string): Awaitable<unknown> {
  try {
    return decodeBody(raw, format, contentType);
  } catch (error) {
    const encoding = event.source.header('content-encoding') ?? 'identity';
    if (encoding === 'identity') throw error;
    throw new FunctionError('unsupported_media_type', `The content encoding ${JSON.stringify(encoding)} is not supported.`);
  }
}

function conclude(
  event: HttpRequestEvent,
  query: SchemaResult<unknown> | undefined,
  body: SchemaResult<unknown> | undefined,
  format: BodyFormat,
): HttpRequestEvent | Refusal {
  if (body?.issues && notJson(format) && body.issues.some((issue) => !issue.path?.length)) return unsupported(event);
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

function notJson(format: BodyFormat): boolean {
  return format !== 'json' && format !== 'none';
}

/** A body that the schema refuses as a whole, and that is no JSON, came in the wrong format. */
function unsupported(event: HttpRequestEvent): Refusal {
  const type = event.source.header('content-type');
  const detail = type
    ? `A body of type ${JSON.stringify(type)} is not accepted here.`
    : 'The body has no content-type. Send application/json, if that is what it is.';
  return new Refusal(problem(415, { detail, code: 'unsupported_media_type' }));
}
