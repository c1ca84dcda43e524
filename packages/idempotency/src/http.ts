import { empty, type HttpResult, problem, type Result, reply } from '@tradewind/core';
import { givenBody, type KeptBody, keptBody } from './body.js';
import { isTransient, throwKept } from './kept-error.js';
import { type Ended, LOST } from './once.js';
import { read, UNKEPT, written } from './outcome.js';
import type { Outcome } from './store.js';

/** The outcome to store for a response, unless the next try may succeed. */
export async function keepAnswer(
  result: Result,
  max: number,
): Promise<{ readonly value: Result; readonly outcome?: Outcome }> {
  const came = result.value as HttpResult;
  if (isTransient(came.status)) return { value: result };
  const { answer, kept } = await keptBody(came, max);
  const { body: _, ...head } = answer;
  const value = kept ? written({ ...head, ...kept }, max) : UNKEPT;
  return { value: answer === came ? result : result.with(answer), outcome: { state: 'completed', value } };
}

/** The response to a request, however it ended. */
export function answered(ended: Ended<Result>): Result {
  switch (ended.state) {
    case 'ran':
      return ended.value;
    case 'completed':
      return ended.value === UNKEPT
        ? conflict(
            'The request with this Idempotency-Key was processed, but its response was not stored: it is too large or a stream.',
          )
        : replayed(ended.value);
    case 'failed':
      return throwKept(ended.value);
    case 'unknown':
      return conflict('An earlier try with this Idempotency-Key was interrupted, and it is unknown how far it got.');
    case 'in_progress':
      return conflict('The request with this Idempotency-Key is still being processed.', ended.remaining);
    case 'mismatch':
      return reply(problem(422, { detail: 'This Idempotency-Key was used for another request before.' }));
    case 'lost':
      return conflict(LOST, 0);
  }
}

/** @param after - in ms: when to try again. */
function conflict(detail: string, after?: number): Result {
  if (after === undefined) return reply(problem(409, { detail }));
  const seconds = Math.min(Math.max(1, Math.ceil(after / 1000)), LONGEST_RETRY_AFTER);
  return reply(problem(409, { detail }, { headers: { 'retry-after': String(seconds) } }));
}

/** In seconds. A lease may be long but most handlers are fast, so an earlier try gets the response earlier. */
const LONGEST_RETRY_AFTER = 5;

function replayed(text: string): Result {
  const kept = read(text) as HttpResult & KeptBody;
  const { status, headers, cookies } = kept;
  return reply({
    ...empty(status),
    headers: { ...headers, 'idempotency-replayed': 'true' },
    cookies,
    body: givenBody(kept),
  });
}
