import { describe, misconfigured } from '@tradewind/core/adapter';

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

/** A value in an error: a number or a text as it came, of others what they are. */
export function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? `'${value}'` : describe(value);
}
