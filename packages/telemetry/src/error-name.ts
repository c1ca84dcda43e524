import { isDeliverySignal, isFunctionError } from '@tradewind/core';
import { isError, scrubbed } from '@tradewind/core/adapter';

/** In names: each is a time series of its own, which is paid for. */
const MOST_NAMES = 100;
const names = new Set<string>();

/** An error in a word, for attributes and dimensions: few and the same, whatever an error says of itself. */
export function nameOf(thrown: unknown): string {
  try {
    const error = scrubbed(thrown);
    if (isFunctionError(error)) return error.code;
    if (isDeliverySignal(error)) return error.outcome;
    if (!isError(error)) return typeof error;
    const { name } = error;
    const isKnown = names.has(name) || (names.size < MOST_NAMES && /^[A-Za-z_$][\w$]{0,63}$/.test(name));
    if (isKnown) names.add(name);
    return isKnown ? name : 'Error';
  } catch {
    return 'unreadable';
  }
}
