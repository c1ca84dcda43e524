import { FunctionError } from '@tradewind/core';
import { toJson } from '@tradewind/core/adapter';

/** Marks a value that was not stored: too large, a stream, or not JSON. No JSON text is empty. */
export const UNKEPT = '';

/** A value as text, or the mark if it cannot be written or takes more than `max` bytes. */
export function written(value: unknown, max: number): string {
  try {
    const text = toJson({ value });
    return fits(text, max) ? text : UNKEPT;
  } catch {
    return UNKEPT;
  }
}

/**
 * Reads what {@link written} wrote.
 *
 * @throws FunctionError `internal` for any other text.
 */
export function read(text: string): unknown {
  try {
    const kept = JSON.parse(text) as { value?: unknown };
    if (typeof kept === 'object' && kept) return kept.value;
  } catch {}
  throw new FunctionError('internal', 'The stored outcome was not written by this package.');
}

/** A character takes at most three bytes, so most texts need no counting. */
function fits(text: string, max: number): boolean {
  return text.length * 3 <= max || (text.length <= max && new TextEncoder().encode(text).length <= max);
}
