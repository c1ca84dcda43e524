import { type AnyFunction, FunctionError, type Kind } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';

/** Checks at start-up what the types already check at compile time, for users of JavaScript. */
export function checkFunctions(platform: string, has: readonly Kind[], functions: readonly AnyFunction[]): void {
  const got: string[] = functions.map((fn) => fn?.trigger?.kind ?? describe(fn));
  if (got.length === 0 || !got.every((kind) => has.includes(kind as Kind))) {
    throw misconfigured(
      `${platform}: every function must come from defineFunction(...).handle(...) and be of kind ${has.join(', ')}; got ${got.join(', ') || 'none'}.`,
    );
  }
}

/** The same for a place that takes one function: it would serve the first, and answer 404 for the rest. */
export function checkOne(place: string, has: readonly Kind[], fn: AnyFunction, others: readonly unknown[]): void {
  checkFunctions(place, has, [fn]);
  if (others.length > 0) throw misconfigured(`${place} takes one function. Use lambda.`);
}

/** Checks that no two functions have the same name, ignoring case, for platforms that identify functions by name. */
export function checkNames(platform: string, functions: readonly AnyFunction[]): void {
  const names = functions.map(({ name }) => name.toLowerCase());
  const twice = functions.find((_, index) => names.indexOf(names[index] as string) < index);
  if (twice)
    throw misconfigured(`${platform}: two functions have the name '${twice.name}', ignoring case: rename one of them.`);
}

/**
 * The error for an event of a kind that the function cannot handle. The invocation fails, so that the event is not
 * taken as handled.
 *
 * @param got - what came, in words. Default: a description that quotes no value.
 */
export function foreignEvent(
  fn: AnyFunction,
  platform: string,
  wanted: string,
  came: unknown,
  got: string = kindOf(came),
): FunctionError {
  return new FunctionError(
    'foreign_event',
    `The ${fn.trigger.kind} function '${fn.name}' on ${platform} expects ${wanted}, but got ${got}.`,
  );
}

function kindOf(came: unknown): string {
  const [record] = [Object(came).Records].flat();
  const said = record?.eventSource ?? record?.EventSource;
  // Not every value can be converted to a string, so anything else is ignored.
  const source = typeof said === 'string' ? /^aws:\w+$/.exec(said)?.[0] : undefined;
  return source ? `records of ${source}` : describe(came);
}
