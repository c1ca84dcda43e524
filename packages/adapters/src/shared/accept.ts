import type { AnyFunction, Kind } from '@tradewind/core';

/** The kind of a function. */
export type KindOf<Fn> = Fn extends AnyFunction ? Fn['trigger']['kind'] : never;

/**
 * A function that a platform can run. For any other, the type is the reason, so that the compiler shows it at the
 * argument.
 */
export type Accept<Fn, Has extends Kind, Platform extends string> = [KindOf<Fn>] extends [Has]
  ? Fn
  : `${Platform} has no '${Exclude<KindOf<Fn>, Has>}' trigger`;
