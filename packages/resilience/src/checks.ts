import { describe, misconfigured } from '@tradewind/core/adapter';

/**
 * What a policy is given, for who writes JavaScript.
 *
 * @throws FunctionError `misconfigured` for what is no object, and for a name that is no option.
 */
export function checkOptions(policy: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw misconfigured(`What ${policy}(...) is given is ${describe(given)}, and an object of options is expected.`);
  }
  const odd = Object.keys(given).find((name) => !names.includes(name));
  if (odd !== undefined) {
    throw misconfigured(`${policy}(...) has no option '${odd}': there are ${names.join(', ')}.`);
  }
}

/** @throws FunctionError `misconfigured` for what is no number, or below `least`. NaN comes of a variable that is not there. */
export function mustBeNumber(value: unknown, what: string, least: number): void {
  if (typeof value === 'number' && value >= least) return;
  throw misconfigured(`The ${what} is no number from ${least} up, but ${shown(value)}.`);
}

/** @throws FunctionError `misconfigured` for what is no whole number, or below 1. */
export function mustBeWhole(value: unknown, what: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return;
  throw misconfigured(`The ${what}: a whole number from 1 up is expected, and ${shown(value)} came.`);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? `'${value}'` : describe(value);
}
