import type { Context } from '@tradewind/core';
import { InvocationContext } from '@tradewind/core/adapter';

/** Makes something once per request or message: each layer that adds to the context has another context of the same event. */
export function perEvent<T>(make: (context: Context) => T): (context: Context) => T {
  const made = new WeakMap<object, { readonly value: T }>();
  return (context) => {
    const event = InvocationContext.origin(context);
    const known = made.get(event) ?? { value: make(context) };
    made.set(event, known);
    return known.value;
  };
}
