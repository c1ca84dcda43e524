import { FunctionError, mustBePositive } from '../errors.js';
import type { Stage } from '../function/compose.js';
import type { TriggerBase } from '../function/trigger.js';
import {
  explain,
  type InputOf,
  type OutputOf,
  type PlainSchema,
  type SchemaResult,
  type StandardSchema,
  validate,
} from '../schema.js';
import { andThen, isThenable } from '../thenable.js';
import type { HttpEvent } from './event.js';
import { parseRequests } from './parse.js';
import { compilePath, type PathMatcher, type PathParams } from './path.js';
import { recoverRequest } from './problem.js';
import type { MultiRecord } from './records.js';
import { type HttpResult, toHttpResult } from './result.js';

/** The methods that a function can handle. A GET function handles HEAD too. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** Options of {@link http}. */
export interface HttpOptions<
  Method extends HttpMethod,
  Path extends string,
  Body extends StandardSchema,
  Query extends StandardSchema,
  Response extends StandardSchema,
> {
  readonly method: Method;
  /** Literal and `:name` segments: `/orders/:id`. */
  readonly path: Path;
  /** The schema of the body. Without one, any body is accepted and its type is `unknown`. */
  readonly body?: Body;
  /** The schema of the query. Its input has a string for each name, or an array for a repeated one. */
  readonly query?: Query;
  /** The schema of the body of a 2xx response. Checked in tests; in production only with `validateResponse`. */
  readonly response?: Response;
  /** Checks `response` in production too: a response that does not match becomes a 500. Default: false. */
  readonly validateResponse?: boolean;
  /** In bytes. A larger body is refused with a 413. Default: 1 MiB. */
  readonly maxBodySize?: number;
  /**
   * The deadline in ms: a handler that is not done by then gets a 504. Default: the platform's deadline, without a
   * response.
   */
  readonly timeout?: number;
}

/** The input types of a function's request, before its schemas are applied. For fakes. */
export interface HttpInput<Body, Query, Params> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
}

/** An HTTP trigger. It keeps what it was given; of a schema, the types keep the input and the output. */
export interface HttpTrigger<
  Method extends HttpMethod = HttpMethod,
  Path extends string = string,
  Body extends StandardSchema = StandardSchema,
  Query extends StandardSchema = StandardSchema,
  Response extends StandardSchema = StandardSchema,
> extends TriggerBase<
    'http',
    HttpEvent<OutputOf<Body>, OutputOf<Query>, PathParams<Path>>,
    HttpInput<InputOf<Body>, InputOf<Query>, PathParams<Path>>
  > {
  readonly method: Method;
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly response?: Response;
  /** For packages that read a body before parsing: its size limit, in bytes. */
  readonly maxBodySize: number;
  /** For adapters: matches a path and gives its parameters. */
  readonly match: PathMatcher;
  /** For tests: checks a result by the `response` schema; throws if it does not match. */
  checkResponse(result: HttpResult): unknown;
}

const ONE_MEBIBYTE = 1_048_576;

/**
 * A trigger for HTTP requests with one method and one path.
 *
 * @example
 * ```ts
 * import { defineFunction, http } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * export const getOrder = defineFunction(
 *   'get-order',
 *   http({ method: 'GET', path: '/orders/:id', query: z.object({ expand: z.string().optional() }) }),
 * ).handle(({ params, query }) => ({ id: params.id, expanded: query.expand === 'items' }));
 * ```
 */
export function http<
  const Method extends HttpMethod,
  const Path extends string,
  Body extends StandardSchema = StandardSchema,
  Query extends StandardSchema = StandardSchema<MultiRecord>,
  Response extends StandardSchema = StandardSchema,
>(
  options: HttpOptions<Method, Path, Body, Query, Response>,
): HttpTrigger<Method, Path, PlainSchema<Body>, PlainSchema<Query>, PlainSchema<Response>>;
export function http(
  options: HttpOptions<HttpMethod, string, StandardSchema, StandardSchema, StandardSchema>,
): HttpTrigger {
  const { method, path, query, body, response, validateResponse, maxBodySize = ONE_MEBIBYTE, timeout } = options;
  mustBePositive(maxBodySize, `http(...) for ${method} ${path}: \`maxBodySize\``);
  mustBePositive(timeout, `http(...) for ${method} ${path}: \`timeout\``);
  const checkResponse = (result: HttpResult): unknown => check(response, result);
  return {
    ...options,
    kind: 'http',
    maxBodySize,
    match: compilePath(path),
    checkResponse,
    stages: {
      recover: recoverRequest,
      limit: timeout === undefined ? undefined : limitTime,
      parse: parseRequests({ method, query, body, maxBodySize }),
      check: validateResponse ? checkResponses(checkResponse) : undefined,
      settle: toHttpResult,
    },
  };
}

/** If a handler ignores the signal, the request is answered without it. */
const limitTime: Stage = (inner) => (event, context) => {
  const value = inner(event, context);
  return isThenable(value) ? context.inTime(value) : value;
};

function checkResponses(check: (result: HttpResult) => unknown): Stage {
  return (inner) => (event, context) => andThen(inner(event, context), (value) => check(toHttpResult(value)));
}

/** The result with the output of the schema as its body, so that defaults and stripped keys take effect. */
function check(schema: StandardSchema | undefined, result: HttpResult): unknown {
  if (!schema || result.status < 200 || result.status > 299) return result;
  return andThen(validate(schema, result.body), withBody, result);
}

function withBody(checked: SchemaResult<unknown>, result: HttpResult): HttpResult {
  if (!checked.issues) return { ...result, body: checked.value };
  throw new FunctionError(
    'internal',
    `The response does not match the response schema: ${explain('body', checked.issues)}`,
  );
}
