import type { InvocationContext } from '../context/context.js';
import type { Run, Stage } from '../function/compose.js';
import { type SchemaResult, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, andThen, isThenable } from '../thenable.js';
import { decodeBody, isJson, type RawBody } from './body.js';
import type { HttpRequestEvent } from './event.js';
import { toProblemIssues } from './problem.js';
import { parseForm } from './records.js';
import { type HttpResult, problem } from './result.js';
import { keepRefusal } from './thrown.js';

/** The requests that an HTTP function accepts. */
export interface Accepts {
  readonly method: string;
  readonly query: StandardSchema | undefined;
  readonly body: StandardSchema | undefined;
  /** In bytes. */
  readonly maxBodySize: number;
}

/**
 * Parses a request, in this order: path, method, query, body. One that is refused is answered by a result: throwing for
 * every bad request would cost more than serving it.
 */
export function parseRequests(accepts: Accepts): Stage {
  return (inner) => (event, context) => parseRequest(event as HttpRequestEvent, accepts, context, inner);
}

function parseRequest(event: HttpRequestEvent, accepts: Accepts, context: InvocationContext, inner: Run): unknown {
  const { method } = event;
  if (!event.matches) return keepRefusal(problem(404, { detail: `There is nothing at ${event.path}.` }));
  const allow = event.allow ?? (answers(accepts.method, method) ? undefined : allowed(accepts.method));
  if (allow) {
    return keepRefusal(
      problem(405, { detail: `${method} is not allowed here. Allowed: ${allow}.` }, { headers: { allow } }),
    );
  }
  // Not `event.query`, which an earlier `next()` has replaced by the output of the schema.
  const query = accepts.query && validate(accepts.query, parseForm(event.search()));
  // If reading the body throws, nobody awaits the query, and a rejection that nobody handles ends a Node process.
  if (isThenable(query)) void Promise.allSettled([query]);
  const body = parseBody(event, accepts);
  return isThenable(query) || isThenable(body)
    ? concludeLater(event, query, body, context, inner)
    : conclude(event, query, body, context, inner);
}

/** Whether a function for one method handles another: a GET function handles HEAD too. */
function answers(own: string, method: string): boolean {
  return method === own || (method === 'HEAD' && own === 'GET');
}

/** The methods that a function for one method handles, as an `Allow` header. */
export function allowed(method: string): string {
  return method === 'GET' ? 'GET, HEAD' : method;
}

/** The result of a schema; undefined if there is none. */
type Checked = SchemaResult<unknown> | undefined;

function parseBody(event: HttpRequestEvent, { body, maxBodySize }: Accepts): Awaitable<Checked> {
  // The body of a GET or HEAD request has no meaning (RFC 9110, 9.3.1), so it is read only if a schema is declared.
  if (!body && answers('GET', event.method)) return event.setBody(undefined);
  return andThen(event.read(maxBodySize), decode, event, body);
}

function decode(raw: RawBody, event: HttpRequestEvent, schema: StandardSchema | undefined): Awaitable<Checked> {
  event.raw = raw;
  return andThen(raw?.length ? decoded(raw, event) : undefined, check, event, schema);
}

/** A compressed body stays bytes: its decompressed size would be unlimited. */
function decoded(raw: string | Uint8Array, event: HttpRequestEvent): unknown {
  const compressed = typeof raw !== 'string' && (event.header('content-encoding') ?? 'identity') !== 'identity';
  return compressed ? raw : decodeBody(raw, event.header('content-type') ?? '');
}

function check(value: unknown, event: HttpRequestEvent, schema: StandardSchema | undefined): Awaitable<Checked> {
  event.setBody(value);
  return schema && validate(schema, value);
}

function conclude(
  event: HttpRequestEvent,
  query: Checked,
  body: Checked,
  context: InvocationContext,
  inner: Run,
): unknown {
  if (query?.issues || body?.issues) return keepRefusal(refusal(event, query, body));
  if (query) event.setQuery(query.value);
  if (body) event.setBody(body.value);
  return inner(event, context);
}

// A separate function, because a function that contains a closure costs more even when it does not create it.
function concludeLater(
  event: HttpRequestEvent,
  query: Awaitable<Checked>,
  body: Awaitable<Checked>,
  context: InvocationContext,
  inner: Run,
): unknown {
  return Promise.all([query, body]).then((checked) => conclude(event, ...checked, context, inner));
}

function refusal(event: HttpRequestEvent, query: Checked, body: Checked): HttpResult {
  let detail = 'The request does not match the schema. See errors.';
  if (body?.issues && event.body !== undefined) {
    const type = event.header('content-type') ?? '';
    const root = body.issues.find(({ path }) => !path?.length);
    const isForm = root && /FormData/.test(`${root.expected}${root.message}`);
    // A body that the schema refuses as a whole and that is not JSON, or should be a form, or that is bytes, was sent in
    // the wrong format.
    if (event.body instanceof Uint8Array || (root && (isForm || !isJson(type)))) {
      const right = isForm ? 'multipart/form-data' : 'application/json, not compressed';
      return problem(415, { detail: `A body of type '${type || 'unknown'}' is not accepted here. Send ${right}.` });
    }
    if (!isJson(type)) detail += ` The body was read as '${type}'.`;
  }
  return problem(400, {
    detail,
    errors: [...toProblemIssues('query', query?.issues), ...toProblemIssues('body', body?.issues)],
  });
}
