import { fromCloudEvent } from '../shared/cloud-event.js';
import { ofType } from '../shared/of-type.js';
import type { SingleBinding } from '../shared/single.js';
import type { GcfInvocation } from './invocation.js';

/** Eventarc events, one per invocation. */
export const eventBinding: SingleBinding<GcfInvocation> = {
  decode: (came, fn) => ofType(fn, 'Google Cloud', 'Eventarc events', came, fromCloudEvent(came)),
  noDelay: 'Eventarc decides when it redelivers a failed event.',
};
