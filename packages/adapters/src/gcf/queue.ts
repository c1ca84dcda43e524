import { foreignEvent } from '../shared/functions.js';
import { fromPubSub } from '../shared/pub-sub.js';
import type { SingleBinding } from '../shared/single.js';
import type { GcfInvocation } from './invocation.js';
import { pushIn } from './push.js';

/** Messages of Pub/Sub, one an invocation. */
export const queueBinding: SingleBinding<GcfInvocation> = {
  decode(event, fn) {
    const { push, source } = pushIn(event);
    const delivery = fromPubSub(push, fn, source);
    if (!delivery) throw foreignEvent(fn, 'Google Cloud', 'a message of Pub/Sub, as a CloudEvent', event);
    return delivery;
  },
  noDelay: "Pub/Sub delays by the subscription's retry policy.",
};
