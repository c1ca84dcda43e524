import type { Kind } from '@tradewind/core';
import type { WiringOf } from '../shared/wiring.js';

/** The options of a function on Google Cloud, by the function's kind. */
export type GcfWiring<K extends Kind> = WiringOf<K>;
