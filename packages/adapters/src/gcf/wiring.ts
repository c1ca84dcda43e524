import type { Kind } from '@tradewind/core';
import type { WiringOf } from '../shared/wiring.js';

/** What a function of a kind can be given on Google Cloud. */
export type GcfWiring<K extends Kind> = WiringOf<K>;
