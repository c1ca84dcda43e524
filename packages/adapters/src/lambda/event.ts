import { ofType } from '../shared/of-type.js';
import type { SingleBinding } from '../shared/single.js';
import { fromEventBridge } from './event-bridge.js';
import type { LambdaInvocation } from './invocation.js';
import { NO_DELAY } from './single.js';

/** Amazon EventBridge events, one per invocation. */
export const eventBinding: SingleBinding<LambdaInvocation> = {
  decode: (event, fn) => ofType(fn, 'AWS Lambda', 'EventBridge events', event, fromEventBridge(event)),
  noDelay: NO_DELAY,
};
