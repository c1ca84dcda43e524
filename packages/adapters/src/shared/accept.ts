import type { Kind, TradewindFunction } from '@tradewind/core';

/** The kind of a function. */
export type KindOf<Fn> = Fn extends TradewindFunction<infer K, infer _Value, infer _Input> ? K : never;

/**
 * A function that a platform can run. For any other, the type is the reason, so that the compiler shows it at the
 * argument.
 */
export type Accept<Fn, Has extends Kind, Platform extends string> = [KindOf<Fn>] extends [Has]
  ? Fn
  : `${Platform} has no '${Exclude<KindOf<Fn>, Has>}' trigger`;
