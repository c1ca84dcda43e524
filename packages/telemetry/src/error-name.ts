import { isDeliverySignal, isFunctionError } from '@tradewind/core';
import { isError, scrubbed } from '@tradewind/core/adapter';

/** At most this many names: each one is a time series, which costs money. */
const MOST_NAMES = 100;
const names = new Set<string>();

/** A short name for an error, for attributes and dimensions. There are few of them, whatever the errors contain. */
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
