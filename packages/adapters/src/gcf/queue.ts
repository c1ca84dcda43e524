import { foreignEvent } from '../shared/functions.js';
import { fromPubSub } from '../shared/pub-sub.js';
import type { SingleBinding } from '../shared/single.js';
import type { GcfInvocation } from './invocation.js';
import { pushIn } from './push.js';

/** Pub/Sub messages, one per invocation. */
export const queueBinding: SingleBinding<GcfInvocation> = {
  decode(event, fn) {
    const { push, source } = pushIn(event);
    const delivery = fromPubSub(push, fn, source);
    if (!delivery) throw foreignEvent(fn, 'Google Cloud', 'a Pub/Sub message in a CloudEvent', event);
    return delivery;
  },
  noDelay: "The Pub/Sub subscription's retry policy sets the delay.",
};
