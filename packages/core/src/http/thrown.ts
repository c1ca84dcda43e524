/** What was thrown, by the result that it became. */
const behind = new WeakMap<object, { readonly error: unknown }>();

/** For packages: what was thrown behind a result; undefined where the result was given. */
export function thrownBehind(result: object): { readonly error: unknown } | undefined {
  return behind.get(result);
}

/** Keeps what was thrown with the result that it has become. */
export function keepThrown(result: object, error: unknown): void {
  behind.set(result, { error });
}

/** What was thrown is behind another form of the same result, too. */
export function carryThrown(from: unknown, to: unknown): void {
  const thrown = behind.get(from as object);
  if (thrown && typeof to === 'object' && to !== null) behind.set(to, thrown);
}

/** Results of parsing, in place of the handler's. */
const refusals = new WeakSet<object>();

/** Keeps that a request was refused. */
export function keepRefusal<T>(result: T): T {
  refusals.add(result as object);
  return result;
}

/** For packages: whether a result is what parsing refused a request with. */
export function isRefusal(result: object): boolean {
  return refusals.has(result);
}
