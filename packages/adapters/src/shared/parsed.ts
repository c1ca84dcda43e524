import { type CloudEvent, FunctionError, reject } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';

/** In levels, as for JSON that core parses. */
const DEEPEST = 1_000;

/**
 * The delivery of an event that the platform has parsed, if it must be rejected for what core refuses in text: a
 * `__proto__` key, which a later assignment could turn into an object's prototype, or more than 1,000 levels, which can
 * be neither serialised nor validated.
 *
 * @param came - all that was parsed. It is not unwrapped, because that would copy it.
 */
export function refused(came: unknown, event: CloudEvent, attempt?: number): Delivery | undefined {
  const fault = faultIn(came);
  return fault === undefined
    ? undefined
    : { event, attempt, error: reject(new FunctionError('bad_request', `${fault} is not accepted.`)) };
}

function faultIn(came: unknown): string | undefined {
  // A structured clone may contain itself.
  const seen = new Set<object>();
  let level = objectsIn([came], seen);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) return `Data with more than ${DEEPEST} levels`;
    if (level.some((one) => Object.hasOwn(one, '__proto__'))) return "A '__proto__' key";
    level = level.flatMap((one) => objectsIn(Object.values(one), seen));
  }
  return undefined;
}

/** The objects and lists among values, but no bytes. */
function objectsIn(values: readonly unknown[], seen: Set<object>): object[] {
  return values.filter((value): value is object => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return false;
    seen.add(value);
    return true;
  });
}
