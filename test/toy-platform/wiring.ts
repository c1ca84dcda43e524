import type { Kind } from '@tradewind/core';
import type { WiringOf } from '../../packages/adapters/src/shared/wiring.js';

/** What a function of a kind can be given on the toy cloud. */
export type ToyWiring<K extends Kind> = WiringOf<K>;
