import { problem } from '@tradewind/core';
import type { FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';

/** Where no function answers a path, nobody's layers see the request. */
export function nothingAt({ path, method }: HttpRequestEvent): FinalResult {
  const result = problem(404, { detail: `There is nothing at ${path}.` });
  return { ...result, body: method === 'HEAD' ? undefined : JSON.stringify(result.body) };
}
