import { describe, misconfigured } from '@tradewind/core/adapter';

/**
 * @throws FunctionError `misconfigured` for anything but a number from `least` up. NaN can come from a missing
 * variable.
 */
export function mustBeNumber(value: unknown, what: string, least: number): void {
  if (typeof value === 'number' && value >= least) return;
  throw misconfigured(`${what} must be a number from ${least} up; got ${shown(value)}.`);
}

/** @throws FunctionError `misconfigured` for anything but a whole number from 1 up. */
export function mustBeWhole(value: unknown, what: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return;
  throw misconfigured(`${what} must be a whole number from 1 up; got ${shown(value)}.`);
}

/** A value for an error message: numbers and strings as they are, other values only described. */
export function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? `'${value}'` : describe(value);
}
