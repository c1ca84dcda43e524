import { fromCloudEvent, rejectedIf } from '../shared/cloud-event.js';
import { ofType } from '../shared/of-type.js';
import type { SingleBinding } from '../shared/single.js';
import { decodedEvent } from './binary.js';
import type { GcfInvocation } from './invocation.js';

/** Eventarc events, one per invocation. */
export const eventBinding: SingleBinding<GcfInvocation> = {
  decode(came, fn) {
    const { event, error } = decodedEvent(came);
    return rejectedIf(error, ofType(fn, 'Google Cloud', 'Eventarc events', came, fromCloudEvent(event)));
  },
  noDelay: 'Eventarc decides when it redelivers a failed event.',
};
