import { problem } from '@tradewind/core';
import type { FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';

/** The 404 for a path without a function. No function's layers see the request. */
export function nothingAt({ path, method }: HttpRequestEvent): FinalResult {
  const result = problem(404, { detail: `There is nothing at ${path}.` });
  return { ...result, body: method === 'HEAD' ? undefined : JSON.stringify(result.body) };
}
