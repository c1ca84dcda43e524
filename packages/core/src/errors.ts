/** The closed set of error codes. */
export type ErrorCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'gone'
  | 'precondition_failed'
  | 'content_too_large'
  | 'unsupported_media_type'
  | 'unprocessable_content'
  | 'too_many_requests'
  | 'internal'
  | 'bad_gateway'
  | 'unavailable'
  | 'timeout'
  /** The platform handed over an event of another kind: a wiring mistake. */
  | 'foreign_event'
  /** The environment or the set-up of the function is wrong. */
  | 'misconfigured';

/** Each code's HTTP status, the title that an HTTP client sees, and whether trying again may help. */
const CODES: Readonly<Record<ErrorCode, readonly [status: number, title: string, retryable: boolean]>> = {
  bad_request: [400, 'Bad Request', false],
  unauthorized: [401, 'Unauthorized', false],
  forbidden: [403, 'Forbidden', false],
  not_found: [404, 'Not Found', false],
  method_not_allowed: [405, 'Method Not Allowed', false],
  conflict: [409, 'Conflict', false],
  gone: [410, 'Gone', false],
  precondition_failed: [412, 'Precondition Failed', false],
  content_too_large: [413, 'Content Too Large', false],
  unsupported_media_type: [415, 'Unsupported Media Type', false],
  unprocessable_content: [422, 'Unprocessable Content', false],
  too_many_requests: [429, 'Too Many Requests', true],
  internal: [500, 'Internal Server Error', false],
  bad_gateway: [502, 'Bad Gateway', true],
  unavailable: [503, 'Service Unavailable', true],
  timeout: [504, 'Gateway Timeout', true],
  foreign_event: [500, 'Internal Server Error', false],
  misconfigured: [500, 'Internal Server Error', false],
};

/** What else a {@link FunctionError} can be given. */
export interface FunctionErrorOptions {
  /** The error behind this one: logged, never shown to a client. */
  readonly cause?: unknown;
  /** Whether trying again may help. Default: by the code (429, 502, 503 and 504 may). */
  readonly retryable?: boolean;
}

/**
 * The one error type. In an HTTP function its code becomes the status of a problem+json answer (RFC 9457), and below
 * 500 its message the `detail` that the client reads; from 500 up nothing of it is shown. In a message function it
 * fails the delivery as any throw does.
 *
 * It is recognised by name and code, so one from another copy of this package counts as well.
 *
 * @example
 * ```ts
 * import { FunctionError } from '@tradewind/core';
 *
 * throw new FunctionError('not_found', 'There is no order 7.');
 * ```
 */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message?: string, options: FunctionErrorOptions = {}) {
    super(message ?? CODES[code][1], 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? CODES[code][2];
  }
}

/** Whether a value is a {@link FunctionError}, from this copy of the package, another one, or another realm. */
export function isFunctionError(value: unknown): value is FunctionError {
  if (Object.prototype.toString.call(value) !== '[object Error]') return false;
  const { name, code } = value as { name: unknown; code?: PropertyKey };
  return name === 'FunctionError' && code !== undefined && Object.hasOwn(CODES, code);
}

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return CODES[code][0];
}

/** The reason phrase of a status that some code has, or undefined. */
export function titleOf(status: number): string | undefined {
  return Object.values(CODES).find((entry) => entry[0] === status)?.[1];
}
