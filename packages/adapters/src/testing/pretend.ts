import type { AnyFunction } from '@tradewind/core';
import { cloudflare } from '../cloudflare/index.js';
import type { LambdaContext } from '../lambda/types.js';

/** Events come off the wire, so nothing but JSON reaches the adapter. */
export function fromWire(event: object): object {
  return JSON.parse(JSON.stringify(event)) as object;
}

/** What Lambda's runtime gives beside the event. */
export function lambdaContext(): LambdaContext {
  const end = Date.now() + 30_000;
  return { awsRequestId: 'fake', getRemainingTimeInMillis: () => end - Date.now() };
}

/** A Worker with one function. */
// biome-ignore lint/suspicious/noExplicitAny: the function's kind decides which handlers there are
export function onWorkers(fn: AnyFunction): any {
  return cloudflare(fn);
}

/** What Workers give beside the event. */
export function workersContext(): { waitUntil(work: Promise<unknown>): void } {
  return { waitUntil: () => {} };
}

let lambdaIsFree: Promise<unknown> = Promise.resolve();

/**
 * Lambda's environment is the process's: it is another one for the length of the call, and one call at a time. A new
 * object each time, because an environment is checked once per object.
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
