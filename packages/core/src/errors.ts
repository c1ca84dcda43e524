/** The error codes of a {@link FunctionError}. */
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
  /** The platform delivered an event of another kind: the function is wired to the wrong event source. */
  | 'foreign_event'
  /** The environment or the set-up of a function is wrong. */
  | 'misconfigured';

/** The HTTP status of each code. If several codes have one status, clients see the first. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  precondition_failed: 412,
  content_too_large: 413,
  unsupported_media_type: 415,
  unprocessable_content: 422,
  too_many_requests: 429,
  internal: 500,
  bad_gateway: 502,
  unavailable: 503,
  timeout: 504,
  foreign_event: 500,
  misconfigured: 500,
};

/** The reason phrases (RFC 9110) that cannot be derived from a code. */
const PHRASES: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Options of a {@link FunctionError}. */
export interface FunctionErrorOptions {
  /** The error that caused this one. It is logged, but never shown to a client. */
  readonly cause?: unknown;
  /** Whether a retry may help. Default: depends on the code; true for 429, 502, 503 and 504. */
  readonly retryable?: boolean;
}

/**
 * The error type of Tradewind. In an HTTP function, the code determines the status of a problem+json response (RFC
 * 9457). Below 500, the message becomes the `detail` that the client reads; from 500 on, the client sees nothing of the
 * error. In a message function, it fails the delivery like any other error.
 *
 * It is recognised by its name and code, so an error from another copy of this package works too.
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
    const status = STATUS[code];
    super(message ?? titleOf(status), options);
    this.code = code;
    this.retryable = options.retryable ?? (status === 429 || status > 500);
  }
}

/** Whether a value is a {@link FunctionError}, including one from another copy of the package or another realm. */
export function isFunctionError(value: unknown): value is FunctionError {
  try {
    const { name, code = '' } = (value ?? {}) as Partial<FunctionError>;
    return name === 'FunctionError' && Object.hasOwn(STATUS, code);
  } catch {
    // The value may be a proxy, or have getters that throw.
    return false;
  }
}

/** What a value is, in any realm: `[object Map]`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** Whether a value is an error, including one from another realm. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || tagOf(value) === '[object Error]';
  } catch {
    // The value may be a proxy whose traps throw.
    return false;
  }
}

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code];
}

/** The first code with a status, or undefined. */
export function codeOf(status: number): ErrorCode | undefined {
  return (Object.keys(STATUS) as ErrorCode[]).find((code) => STATUS[code] === status);
}

/** The reason phrase of a status, or undefined if no code has that status. */
export function titleOf(status: number): string | undefined {
  return PHRASES[status] ?? codeOf(status)?.replace(/(^|_)./g, (start) => start.replace('_', ' ').toUpperCase());
}

/** Makes the error for a mistake in the set-up of functions. */
export function misconfigured(message: string): FunctionError {
  return new FunctionError('misconfigured', message);
}

/** Checks the type of a value at run time, for callers that write JavaScript. */
export function mustBe(type: 'function' | 'string', value: unknown, what: string): void {
  if (typeof value !== type) throw misconfigured(`${what} must be a ${type}; got ${describe(value)}.`);
}

/** Checks a number. It often comes from a variable that is not set, and NaN would mean no limit at all. */
export function mustBePositive(value: number | undefined, what: string): void {
  if (value !== undefined && !(typeof value === 'number' && value > 0)) {
    throw misconfigured(`${what} must be a number above 0; got ${String(value)}.`);
  }
}

/**
 * Checks an options object at run time, for callers that write JavaScript.
 *
 * @throws FunctionError `misconfigured` if `given` is not an object, or has an unknown option.
 */
export function checkOptions(name: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw misconfigured(`${name}(...): the options must be an object; got ${describe(given)}.`);
  }
  const odd = Object.keys(given).find((option) => !names.includes(option));
  if (odd !== undefined) {
    throw misconfigured(`${name}(...): unknown option '${odd}'. The options are ${names.join(', ')}.`);
  }
}

/** Describes a value without quoting its content: events can contain data that must not be logged. */
export function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  // Every byte is a key: listing the keys of a large body would take seconds and a gigabyte.
  if (ArrayBuffer.isView(value)) return 'bytes';
  return `an object with ${JSON.stringify(Object.keys(value)).slice(0, 200)}`;
}
