import type { QueueTrigger } from '@tradewind/core';
import { countOf } from '../../packages/adapters/src/shared/count.js';
import { foreignEvent } from '../../packages/adapters/src/shared/functions.js';
import type { SingleBinding } from '../../packages/adapters/src/shared/single.js';
import { isText } from '../../packages/adapters/src/shared/text.js';
import type { ToyInvocation } from './invocation.ts';
import type { ToyMessage } from './types.ts';

/** Messages of the toy cloud, one an invocation. */
export const queueBinding: SingleBinding<ToyInvocation> = {
  decode(event, fn) {
    const { key, text, tries } = Object(Object(event).note) as Partial<ToyMessage['note']>;
    if (!isText(key) || typeof text !== 'string') {
      throw foreignEvent(fn, 'the toy cloud', 'a note with a key and a text', event);
    }
    const { queue, toDelivery } = fn.trigger as QueueTrigger;
    const message = { id: key, source: `urn:toy:queue:${queue}`, type: 'toy.note', extensions: {}, data: text };
    return toDelivery(message, countOf(tries));
  },
  noDelay: 'The toy cloud chooses itself when a note comes again.',
};
