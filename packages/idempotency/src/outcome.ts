import { FunctionError } from '@tradewind/core';

/** Stands for a value that was not kept: too large, a stream, or none that JSON has. No JSON text is empty. */
export const UNKEPT = '';

/** A value as text, or what stands for it where it cannot be written, or takes more than `max` bytes. */
export function written(value: unknown, max: number): string {
  try {
    const text = JSON.stringify({ value });
    return fits(text, max) ? text : UNKEPT;
  } catch {
    return UNKEPT;
  }
}

/**
 * What {@link written} wrote.
 *
 * @throws FunctionError `internal` where it did not.
 */
export function read(text: string): unknown {
  try {
    const kept = JSON.parse(text) as { value?: unknown };
    if (typeof kept === 'object' && kept) return kept.value;
  } catch {}
  throw new FunctionError('internal', 'The stored outcome is none that this package wrote.');
}

/** No character takes more than three bytes, so most texts need no count. */
function fits(text: string, max: number): boolean {
  return text.length * 3 <= max || (text.length <= max && new TextEncoder().encode(text).length <= max);
}
