import type { AnyFunction } from '@tradewind/core';
import type { FakeRequest } from '@tradewind/core/testing';
import { answering } from '../node/answering.js';
import { toRequests } from '../node/endpoints.js';
import { overLoopback } from './loopback.js';

/** Posts JSON to a server with one function, and returns the status of the response. */
export async function post(
  fn: AnyFunction,
  body: object,
  headers: FakeRequest['headers'] = [['content-type', 'application/json']],
): Promise<number> {
  const [endpoint] = toRequests([fn]) as [AnyFunction];
  const { path } = endpoint.trigger as unknown as { readonly path: string };
  const fake: FakeRequest = {
    method: 'POST',
    path,
    search: '',
    headers,
    cookies: [],
    body: JSON.stringify(body),
  };
  return (await overLoopback(answering([endpoint], new Set()), fake)).status;
}
