import { type AnyFunction, FunctionError, type Kind } from '@tradewind/core';
import { describe, misconfigured } from '@tradewind/core/adapter';

/** Checks at start-up what the types check before it, for who writes JavaScript. */
export function checkFunctions(platform: string, has: readonly Kind[], functions: readonly AnyFunction[]): void {
  const kinds = functions.map((fn) => fn?.trigger?.kind);
  if (kinds.length === 0 || !kinds.every((kind) => has.includes(kind))) {
    throw misconfigured(
      `${platform} runs functions of kind ${has.join(', ')} that defineFunction(...).handle(...) made, but was given: ${kinds.map((kind, index) => kind ?? describe(functions[index])).join(', ') || 'none'}.`,
    );
  }
}

/** Checks that no two functions have one name, for platforms that know them by it, in whatever case. */
export function checkNames(platform: string, functions: readonly AnyFunction[]): void {
  const names = functions.map(({ name }) => name.toLowerCase());
  const twice = functions.find((_, index) => names.indexOf(names[index] as string) < index);
  if (twice) throw misconfigured(`${platform} was given two functions of the name '${twice.name}'.`);
}

/**
 * An event that is of another kind than the function: the invocation fails, so that nothing is taken for done.
 *
 * @param got - what came, in words. Default: what can be said of it without quoting a value.
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
    `The ${fn.trigger.kind} function '${fn.name}' on ${platform} wants ${wanted}, but got ${got}.`,
  );
}

function kindOf(came: unknown): string {
  const [record] = [Object(came).Records].flat();
  const said = record?.eventSource ?? record?.EventSource;
  // A value that is no text may not be one that can be made text of.
  const source = typeof said === 'string' ? /^aws:\w+$/.exec(said)?.[0] : undefined;
  return source ? `records of ${source}` : describe(came);
}
