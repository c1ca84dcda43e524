import type { AnyFunction, FunctionOf } from '@tradewind/core';
import { cloudflare } from '../cloudflare/index.js';
import type { LambdaContext } from '../lambda/types.js';

/** A copy through JSON, because on the real platform an event contains nothing but JSON. */
export function fromWire(event: object): object {
  return JSON.parse(JSON.stringify(event)) as object;
}

/** The context that Lambda's runtime passes with the event. */
export function lambdaContext(): LambdaContext {
  const end = Date.now() + 30_000;
  return { awsRequestId: 'fake', getRemainingTimeInMillis: () => end - Date.now() };
}

/** A Worker with one function. */
// biome-ignore lint/suspicious/noExplicitAny: the function's kind decides which handlers there are
export function onWorkers(fn: AnyFunction): any {
  return cloudflare(fn as FunctionOf<'http' | 'queue' | 'schedule'>);
}

/** The context that Workers pass with the event. */
export function workersContext(): { waitUntil(work: Promise<unknown>): void } {
  return { waitUntil: () => {} };
}

let lambdaIsFree: Promise<unknown> = Promise.resolve();

/**
 * Replaces `process.env`, which is Lambda's environment, for one call at a time. It is a new object each time, because
 * an environment is checked once per object.
 */
export function withEnv<T>(env: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const turn = lambdaIsFree.then(async () => {
    const before = process.env;
    process.env = { ...before, ...env };
    try {
      return await run();
    } finally {
      process.env = before;
    }
  });
  lambdaIsFree = turn.catch(() => {});
  return turn;
}
