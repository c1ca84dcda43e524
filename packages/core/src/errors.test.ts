import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  describe as describeValue,
  type ErrorCode,
  FunctionError,
  isFunctionError,
  statusOf,
  titleOf,
} from './errors.js';

describe('a FunctionError', () => {
  test.each<[ErrorCode, number, string, boolean]>([
    ['bad_request', 400, 'Bad Request', false],
    ['unauthorized', 401, 'Unauthorized', false],
    ['forbidden', 403, 'Forbidden', false],
    ['not_found', 404, 'Not Found', false],
    ['method_not_allowed', 405, 'Method Not Allowed', false],
    ['conflict', 409, 'Conflict', false],
    ['gone', 410, 'Gone', false],
    ['precondition_failed', 412, 'Precondition Failed', false],
    ['content_too_large', 413, 'Content Too Large', false],
    ['unsupported_media_type', 415, 'Unsupported Media Type', false],
    ['unprocessable_content', 422, 'Unprocessable Content', false],
    ['too_many_requests', 429, 'Too Many Requests', true],
    ['internal', 500, 'Internal Server Error', false],
    ['bad_gateway', 502, 'Bad Gateway', true],
    ['unavailable', 503, 'Service Unavailable', true],
    ['timeout', 504, 'Gateway Timeout', true],
    ['foreign_event', 500, 'Internal Server Error', false],
    ['misconfigured', 500, 'Internal Server Error', false],
  ])('%s is a %i, %s', (code, status, title, retryable) => {
    const error = new FunctionError(code);
    expect(error).toMatchObject({ name: 'FunctionError', code, retryable, message: title });
    expect(statusOf(code)).toBe(status);
    expect(titleOf(status)).toBe(title);
    expect(isFunctionError(error)).toBe(true);
  });

  test('is an Error with a stack, and has a cause only if one was given', () => {
    const error = new FunctionError('gone', 'Too late.');
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toContain('Too late.');
    expect('cause' in error).toBe(false);
    expect('cause' in new FunctionError('gone', 'Too late.', { cause: undefined })).toBe(true);
  });

  test('can override whether a retry may help', () => {
    expect(new FunctionError('conflict', 'Locked.', { retryable: true }).retryable).toBe(true);
    expect(new FunctionError('timeout', 'Too late.', { retryable: false }).retryable).toBe(false);
  });

  test('is recognised as an instance of a subclass', () => {
    class OutOfStock extends FunctionError {
      constructor() {
        super('conflict', 'Out of stock.');
      }
    }
    expect(isFunctionError(new OutOfStock())).toBe(true);
  });

  test('is recognised by name and code from another realm', () => {
    const foreign: unknown = runInNewContext(
      "Object.assign(new Error('Busy.'), { name: 'FunctionError', code: 'conflict' })",
    );
    expect(isFunctionError(foreign)).toBe(true);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'FunctionError'],
    ['another error', new TypeError('x')],
    ['an error with a code of its own', Object.assign(new Error('x'), { code: 'conflict' })],
    ['the name without a code', Object.assign(new Error('x'), { name: 'FunctionError' })],
    ['an unknown code', Object.assign(new Error('x'), { name: 'FunctionError', code: 'ENOENT' })],
    ['an inherited code', Object.assign(new Error('x'), { name: 'FunctionError', code: 'constructor' })],
    ['a null code', Object.assign(new Error('x'), { name: 'FunctionError', code: null })],
  ])('%s is not a FunctionError', (_name, value) => {
    expect(isFunctionError(value)).toBe(false);
  });

  test('a status without a code has no title', () => {
    expect(titleOf(418)).toBeUndefined();
  });
});

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  ['secret', 'string'],
  [{ key: 'secret' }, 'an object with ["key"]'],
  [['secret', 'secret'], 'a list of 2'],
  // Listing a key for each byte or entry would take seconds and a gigabyte.
  [new Uint8Array(100_000_000), 'bytes'],
  [new Array(100_000_000), 'a list of 100000000'],
])('a value is described without quoting it: %#', (value, words) => {
  expect(describeValue(value)).toBe(words);
});
