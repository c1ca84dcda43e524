import { rejectedIf } from '../shared/cloud-event.js';
import { foreignEvent } from '../shared/functions.js';
import { refused } from '../shared/parsed.js';
import { fromPubSub } from '../shared/pub-sub.js';
import type { SingleBinding } from '../shared/single.js';
import { decodedEvent } from './binary.js';
import type { GcfInvocation } from './invocation.js';
import { pushIn } from './push.js';

/** Pub/Sub messages, one per invocation. */
export const queueBinding: SingleBinding<GcfInvocation> = {
  decode(came, fn) {
    const { event, error } = decodedEvent(came);
    const { push, source } = pushIn(event);
    const delivery = fromPubSub(push, fn, source);
    if (!delivery) throw foreignEvent(fn, 'Google Cloud', 'a Pub/Sub message in a CloudEvent', came);
    return refused(came, delivery.event, delivery.attempt) ?? rejectedIf(error, delivery);
  },
  noDelay: "The Pub/Sub subscription's retry policy sets the delay.",
};
