import type { AnyFunction, Kind, On, TradewindFunction } from '@tradewind/core';

/** A function, or one with what only this platform needs to know of it. */
export type Entry = AnyFunction | On<AnyFunction, object>;

/** The kind of an entry's function. */
export type KindOf<E> = E extends On<infer Fn, infer _Options> ? KindOf<Fn> : E extends TradewindFunction<infer K, infer _V, infer _I> ? K : never;

/** An entry that a platform can run; for any other one the reason why not, at the guilty argument. */
export type Accept<E, Has extends Kind, Platform extends string, Options extends { readonly [K in Kind]?: object }> = [
  KindOf<E>,
] extends [Has]
  ? E extends On<infer _Fn, infer Given>
    ? Given extends OptionsFor<KindOf<E>, Options>
      ? E
      : `${Platform} has other options for a '${KindOf<E>}' function`
    : E
  : `${Platform} has no '${Exclude<KindOf<E>, Has>}' trigger`;

type OptionsFor<K, Options> = K extends keyof Options ? Options[K] : never;
