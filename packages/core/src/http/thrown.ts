/** Thrown values, by the result that they became. */
const behind = new WeakMap<object, { readonly error: unknown }>();

/** For packages: the thrown value that became a result; undefined if the result was returned. */
export function thrownBehind(result: object): { readonly error: unknown } | undefined {
  return behind.get(result);
}

/** Stores the thrown value of a result. */
export function keepThrown(result: object, error: unknown): void {
  behind.set(result, { error });
}

/** Copies the thrown value of a result to another form of the same result. */
export function carryThrown(from: unknown, to: unknown): void {
  const thrown = behind.get(from as object);
  if (thrown && typeof to === 'object' && to !== null) behind.set(to, thrown);
}

/** Results of requests that parsing refused. */
const refusals = new WeakSet<object>();

/** Marks a result as a refusal. */
export function keepRefusal<T>(result: T): T {
  refusals.add(result as object);
  return result;
}

/** For packages: whether a result is that of a request that parsing refused. */
export function isRefusal(result: object): boolean {
  return refusals.has(result);
}
