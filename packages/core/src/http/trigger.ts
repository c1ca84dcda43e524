import { describe, FunctionError, misconfigured, mustBePositive } from '../errors.js';
import type { Trigger } from '../function/trigger.js';
import {
  explain,
  type InputOf,
  mustBeSchema,
  type OutputOf,
  type SchemaResult,
  type StandardSchema,
  validate,
} from '../schema.js';
import { andThen } from '../thenable.js';
import type { HttpEvent, HttpRequestEvent } from './event.js';
import { parseRequest } from './parse.js';
import { compilePath, type PathMatcher, type PathParams } from './path.js';
import { recoverHttp } from './problem.js';
import type { MultiRecord } from './records.js';
import { type HttpResult, toHttpResult } from './result.js';

/** The methods that a function can answer. One for GET answers HEAD as well. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** What `http(...)` is given. */
export interface HttpOptions<
  Path extends string,
  Body extends StandardSchema,
  Query extends StandardSchema,
  Response extends StandardSchema,
> {
  readonly method: HttpMethod;
  /** Literal segments and `:name` ones: `/orders/:id`. */
  readonly path: Path;
  /** What the body must be. Without one any body is accepted and `unknown`. */
  readonly body?: Body;
  /** What the query must be: each name has a string, or an array where it came twice. */
  readonly query?: Query;
  /** What the body of a 2xx answer is. Checked in tests; in production with `validateResponse`. */
  readonly response?: Response;
  /** Checks `response` in production too: an answer that does not fit is a 500. Default: false. */
  readonly validateResponse?: boolean;
  /** In bytes; a larger body is a 413. Default: 1 MiB. */
  readonly maxBodySize?: number;
  /** The deadline in ms: a handler that is not done by then is answered with a 504. Default: the platform's, without an answer. */
  readonly timeout?: number;
}

/** What a request to a function is made of, before its schemas: for fakes. */
export interface HttpInput<Body, Query, Params> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
}

/** An HTTP trigger. */
export interface HttpTrigger<Event, Input> extends Trigger<'http', Event, Input> {
  readonly method: HttpMethod;
  readonly path: string;
  /** For packages that read a body before parsing does: the most that it may have, in bytes. */
  readonly maxBodySize: number;
  /** For adapters: matches a path and gives its parameters. */
  readonly match: PathMatcher;
  /** For tests: whether an answer is what `response` says; throws where it is not. */
  checkResponse(result: HttpResult): unknown;
}

const ONE_MEBIBYTE = 1_048_576;
const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/**
 * HTTP requests of one method on one path.
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
  const Path extends string,
  Body extends StandardSchema = StandardSchema,
  Query extends StandardSchema = StandardSchema<MultiRecord>,
  Response extends StandardSchema = StandardSchema,
>(
  options: HttpOptions<Path, Body, Query, Response>,
): HttpTrigger<
  HttpEvent<OutputOf<Body>, OutputOf<Query>, PathParams<Path>>,
  HttpInput<InputOf<Body>, InputOf<Query>, PathParams<Path>>
> {
  const {
    method,
    path,
    query,
    body,
    response,
    validateResponse = false,
    maxBodySize = ONE_MEBIBYTE,
    timeout,
  } = Object(options) as typeof options;
  if (!METHODS.includes(method)) {
    throw misconfigured(
      `The method of http({ path: '${path}' }) is one of ${METHODS.join(', ')}, and ${describe(method)} came.`,
    );
  }
  mustBePositive(maxBodySize, `maxBodySize of ${method} ${path}`);
  mustBePositive(timeout, `timeout of ${method} ${path}`);
  mustBeSchema(body, `The body of ${method} ${path}`);
  mustBeSchema(query, `The query of ${method} ${path}`);
  const match = compilePath(path);
  const accepts = { method, query, body, maxBodySize };
  const checkResponse = (result: HttpResult): unknown => check(response, result);
  return {
    kind: 'http',
    method,
    path,
    maxBodySize,
    match,
    timeout,
    checkResponse,
    parse: (event: HttpRequestEvent, context, go, refuse) => parseRequest(event, accepts, context, go, refuse),
    finish: toHttpResult,
    check: validateResponse ? checkResponse : undefined,
    recover: recoverHttp,
  };
}

/** The answer with the body that the schema made of it, so that defaults and stripped keys hold. */
function check(schema: StandardSchema | undefined, result: HttpResult): unknown {
  if (!schema || result.status < 200 || result.status > 299) return result;
  return andThen(validate(schema, result.body), withBody, result);
}

function withBody(checked: SchemaResult<unknown>, result: HttpResult): HttpResult {
  if (!checked.issues) return { ...result, body: checked.value };
  throw new FunctionError(
    'internal',
    `The answer does not fit the response schema: ${explain('body', checked.issues)}`,
  );
}
