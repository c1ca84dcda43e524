/** A value, or a promise for it. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * Whether a value must be awaited. Awaiting a plain value costs a turn of the microtask queue, so the chain awaits only
 * promises. It wraps them in `Promise.resolve`, because a foreign `then` may return anything.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function';
}

/**
 * Calls `go` with a value: at once, or when its promise is fulfilled. Further arguments are passed on to `go`, so that
 * the path without a promise needs no closure.
 */
export function andThen<T, R, A = undefined, B = undefined, C = undefined>(
  value: Awaitable<T>,
  go: (value: T, a: A, b: B, c: C) => Awaitable<R>,
  a?: A,
  b?: B,
  c?: C,
): Awaitable<R> {
  if (isThenable(value)) {
    const promise = Promise.resolve(value);
    return a === undefined ? promise.then(go as never) : later(promise, go as never, a, b, c);
  }
  return go(value as T, a as A, b as B, c as C);
}

// A separate function, because a function that contains a closure costs more even when it does not create it.
function later<T, R>(
  value: Promise<T>,
  go: (value: T, ...rest: unknown[]) => Awaitable<R>,
  a: unknown,
  b: unknown,
  c: unknown,
): PromiseLike<R> {
  return value.then((ready) => go(ready, a, b, c));
}
