/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/** Awaiting what is no promise costs a turn of the microtask queue, so the chain awaits only what is one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function';
}

/** Goes on with a value at once, or with a promise of it when it is there. */
export function andThen<T, R>(value: Awaitable<T>, go: (value: T) => Awaitable<R>): Awaitable<R> {
  return isThenable(value) ? (value as PromiseLike<T>).then(go) : go(value as T);
}
