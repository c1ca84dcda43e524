import type { Kind, TradewindFunction } from '@tradewind/core';

/** The kind of a function. */
export type KindOf<Fn> = Fn extends TradewindFunction<infer K, infer _Value, infer _Input> ? K : never;

/** A function that a platform can run; for any other one the reason why not, at the guilty argument. */
export type Accept<Fn, Has extends Kind, Platform extends string> = [KindOf<Fn>] extends [Has]
  ? Fn
  : `${Platform} has no '${Exclude<KindOf<Fn>, Has>}' trigger`;
