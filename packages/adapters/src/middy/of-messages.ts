import { consoleLogger, FunctionError } from '@tradewind/core';
import { describe, misconfigured, report } from '@tradewind/core/adapter';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * What middlewares of a function for messages wrap, and what runs them. They may watch how it ended, and cannot change
 * it: a message that was processed and is reported as failed ends as a dead letter, and one that was not and is reported
 * as done is lost.
 */
export function ofMessages(
  handler: Handler,
  kind: string,
): [inside: Handler, outside: (guests: Handler, event: unknown, context: unknown) => Promise<unknown>] {
  /** How each invocation's function ended, by its context; undefined if it did not run. */
  const ends = new WeakMap<object, Promise<unknown> | undefined>();
  return [
    async (event, context) => {
      if (!ends.has(context as object))
        throw misconfigured('A middy middleware has replaced the context: add properties to it instead.');
      const end = handler(event, context);
      ends.set(context as object, end);
      // A copy, so that changing it changes nothing.
      return structuredClone(await end);
    },
    async (guests, event, context) => {
      ends.set(context as object, undefined);
      let response: unknown;
      let failure: { readonly error: unknown } | undefined;
      try {
        response = await guests(event, context);
      } catch (error) {
        failure = { error };
      }
      const end = ends.get(context as object);
      if (end) {
        const own = await end;
        if (failure) report(consoleLogger(), 'error', 'A middy middleware failed after the function.', failure);
        return own;
      }
      if (failure) throw failure.error;
      if (kind === 'queue' && !isBatchResponse(response)) {
        throw new FunctionError(
          'internal',
          `A middy middleware responded for messages that did not run; it must throw, or return { batchItemFailures: [...] }; got ${describe(response)}.`,
        );
      }
      return response;
    },
  ];
}

function isBatchResponse(response: unknown): boolean {
  return Array.isArray((Object(response) as { batchItemFailures?: unknown }).batchItemFailures);
}
