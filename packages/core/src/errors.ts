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

/** Each code's HTTP status. Of several codes with one status the first is what a client reads. */
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

/** The reason phrases (RFC 9110) that are not the words of their codes. */
const PHRASES: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
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
    const status = STATUS[code];
    super(message ?? titleOf(status), options);
    this.code = code;
    this.retryable = options.retryable ?? (status === 429 || status > 500);
  }
}

/** Whether a value is a {@link FunctionError}, from this copy of the package, another one, or another realm. */
export function isFunctionError(value: unknown): value is FunctionError {
  try {
    const { name, code = '' } = (value ?? {}) as Partial<FunctionError>;
    return name === 'FunctionError' && Object.hasOwn(STATUS, code);
  } catch {
    // A thrown value may be a proxy, or have getters that throw.
    return false;
  }
}

/** Whether a value is an error, from another realm too. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
  } catch {
    // A value may be a proxy that throws whatever it is asked.
    return false;
  }
}

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code];
}

/** The code of a status, or undefined. */
export function codeOf(status: number): ErrorCode | undefined {
  return (Object.keys(STATUS) as ErrorCode[]).find((code) => STATUS[code] === status);
}

/** The reason phrase of a status that some code has, or undefined. */
export function titleOf(status: number): string | undefined {
  return PHRASES[status] ?? codeOf(status)?.replace(/(^|_)./g, (start) => start.replace('_', ' ').toUpperCase());
}

/** A fault in how functions are set up. */
export function misconfigured(message: string): FunctionError {
  return new FunctionError('misconfigured', message);
}

/** Checks what the types have checked already, for who writes JavaScript. */
export function mustBe(type: 'function' | 'string', value: unknown, what: string): void {
  if (typeof value !== type) throw misconfigured(`${what} is no ${type}, but ${describe(value)}.`);
}

/** Checks a number, which often comes from a variable that is not there: NaN would be no limit at all. */
export function mustBePositive(value: number | undefined, what: string): void {
  if (value !== undefined && !(typeof value === 'number' && value > 0)) {
    throw misconfigured(`The ${what} is no number above 0, but ${String(value)}.`);
  }
}

/**
 * What a function is given, for who writes JavaScript.
 *
 * @throws FunctionError `misconfigured` for what is no object, and for a name that is no option.
 */
export function checkOptions(name: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw misconfigured(`What ${name}(...) is given is ${describe(given)}, and an object of options is expected.`);
  }
  const odd = Object.keys(given).find((option) => !names.includes(option));
  if (odd !== undefined) {
    throw misconfigured(`${name}(...) has no option '${odd}': there are ${names.join(', ')}.`);
  }
}

/** Says what something is without quoting a value of it: events carry what must not be logged. */
export function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  // Bytes have a key each: those of a large body would take seconds, and a gigabyte.
  if (ArrayBuffer.isView(value)) return 'bytes';
  return `an object with ${JSON.stringify(Object.keys(value)).slice(0, 200)}`;
}
