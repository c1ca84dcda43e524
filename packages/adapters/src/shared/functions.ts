import { type AnyFunction, FunctionError, type Kind } from '@tradewind/core';

/** Checks at start-up what the types check before it, for who writes JavaScript. */
export function checkFunctions(platform: string, has: readonly Kind[], functions: readonly AnyFunction[]): void {
  if (functions.length === 0) throw misconfigured(`${platform} wants at least one function.`);
  const names = new Set<string>();
  for (const fn of functions) {
    if (typeof fn?.run !== 'function') {
      throw misconfigured(
        `${platform} wants functions that defineFunction(...).handle(...) made, got ${describe(fn)}.`,
      );
    }
    const { name, trigger } = fn;
    if (!has.includes(trigger.kind))
      throw misconfigured(`${platform} has no '${trigger.kind}' trigger, which '${name}' has.`);
    if (names.has(name)) throw misconfigured(`${platform} was given two functions named '${name}'.`);
    names.add(name);
  }
}

/** A fault in how functions are set up. */
export function misconfigured(message: string): FunctionError {
  return new FunctionError('misconfigured', message);
}

/** An event that is of another kind than the function: the invocation fails, so that nothing is taken for done. */
export function foreignEvent(fn: AnyFunction, platform: string, wanted: string, came: unknown): FunctionError {
  return new FunctionError(
    'foreign_event',
    `The ${fn.trigger.kind} function '${fn.name}' on ${platform} wants ${wanted}, but got ${describe(came)}. Wire this event's source to a function of its own kind.`,
  );
}

/** Says what something is without quoting a value of it: events carry what must not be logged. */
function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const { Records } = value as { Records?: unknown };
  const record = Array.isArray(Records) ? (Records[0] as Record<string, unknown> | undefined) : undefined;
  const source = record?.eventSource ?? record?.EventSource;
  if (typeof source === 'string' && /^aws:\w+$/.test(source)) return `Records from ${source}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 8).join(', ').slice(0, 200)}`;
}
