import { foreignEvent } from '../shared/functions.js';
import { fromPubSub, PUB_SUB_TYPE } from '../shared/pub-sub.js';
import type { SingleBinding } from '../shared/single.js';
import type { GcfInvocation } from './invocation.js';

/** Messages of Pub/Sub, one an invocation. */
export const queueBinding: SingleBinding<GcfInvocation> = {
  decode(event, fn) {
    const { type, source, data } = Object(event) as Readonly<Record<string, unknown>>;
    const isMessage = type === PUB_SUB_TYPE && typeof source === 'string';
    const delivery = isMessage ? fromPubSub(data, fn, source) : undefined;
    if (!delivery) throw foreignEvent(fn, 'Google Cloud', 'a message of Pub/Sub, as a CloudEvent', event);
    return delivery;
  },
  noDelay: "Pub/Sub delays by the subscription's retry policy.",
};
