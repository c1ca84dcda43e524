import { isDeliverySignal, isFunctionError } from '@tradewind/core';
import { scrubbed } from '@tradewind/core/adapter';

/** An error in a word, for attributes and dimensions: few and the same, whatever an error says of itself. */
export function nameOf(thrown: unknown): string {
  try {
    const error = scrubbed(thrown);
    if (isFunctionError(error)) return error.code;
    if (isDeliverySignal(error)) return error.outcome;
    if (!(error instanceof Error)) return typeof error;
    return /^[A-Za-z_$][\w$]{0,63}$/.test(error.name) ? error.name : 'Error';
  } catch {
    return 'unreadable';
  }
}
