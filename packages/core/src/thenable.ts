/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * Whether a value is to be waited for. Waiting for what is no promise costs a turn of the microtask queue, so the chain
 * waits only for what is one; and it takes it by `Promise.resolve`, since a `then` of another's may give anything.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function';
}

/**
 * Goes on with a value at once, or with a promise of it when it is there. What `go` wants beside the value is handed
 * through, so that the way without a promise makes no closure.
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

// On its own, because a function that may make a closure pays for it even when it makes none.
function later<T, R>(
  value: Promise<T>,
  go: (value: T, ...rest: unknown[]) => Awaitable<R>,
  a: unknown,
  b: unknown,
  c: unknown,
): PromiseLike<R> {
  return value.then((ready) => go(ready, a, b, c));
}
