import type { DeliveryTable } from '../shared/delivery.js';

const EMULATED: DeliveryTable['situations'] = {
  'reject, with a sink': { how: 'emulated', answer: 'the invocation succeeds once the sink has taken it' },
  'a sink that fails': { how: 'emulated', answer: 'as a throw' },
  'data that does not fit its schema': { how: 'emulated', answer: 'as `reject`' },
  'the deadline': { how: 'emulated', answer: "there is one only by the trigger's `timeout`: as a throw" },
};

const RETRY_LATER =
  'with `redeliver`: sent again and done; without a plain retry, observed as `delivery.downgraded`, or with `delayedRetry: true` refused at start-up';

/** What Azure can say of a message of a storage queue. */
export const storageQueueDelivery: DeliveryTable = {
  platform: 'Azure Functions, storage queues',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds: the host deletes the message' },
    throw: {
      how: 'native',
      answer: 'the invocation fails: the message comes again, after `maxDequeueCount` times it is in `<queue>-poison`',
    },
    retryLater: { how: 'emulated', answer: RETRY_LATER },
    reject: { how: 'emulated', answer: 'as a throw: it ends in `<queue>-poison`' },
    ...EMULATED,
    order: { how: 'refused', answer: 'storage queues have no order, and nothing promises one' },
    'a batch at once': { how: 'emulated', answer: 'a batch of one' },
  },
};

/** What Azure can say of a message of Service Bus. */
export const serviceBusDelivery: DeliveryTable = {
  platform: 'Azure Functions, Service Bus',
  kind: 'queue',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds: the host completes the message' },
    throw: {
      how: 'native',
      answer:
        'the invocation fails: the host abandons the message, it comes again at once, and is in the dead-letter queue after `maxDeliveryCount` times',
    },
    retryLater: { how: 'emulated', answer: RETRY_LATER },
    reject: { how: 'emulated', answer: 'as a throw: it ends in the dead-letter queue' },
    ...EMULATED,
    order: {
      how: 'native',
      answer: 'of a session, with `isSessionsEnabled`: one message at a time, a failed one first',
    },
    'a batch at once': {
      how: 'native',
      answer: 'cardinality `many`, all or nothing: where one message is to come again, all of them do',
    },
  },
};

/** What Azure can say of a timer's run. */
export const timerDelivery: DeliveryTable = {
  platform: 'Azure Functions, timers',
  kind: 'schedule',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds' },
    throw: {
      how: 'native',
      answer: 'the invocation fails: it is repeated by `on(fn, { retry })`, and by nothing else',
    },
    retryLater: { how: 'emulated', answer: 'as a throw, observed as `delivery.downgraded`' },
    reject: { how: 'emulated', answer: 'as a throw' },
    ...EMULATED,
  },
};

/** What Azure can say of an event of Event Grid. */
export const eventGridDelivery: DeliveryTable = {
  platform: 'Azure Functions, Event Grid',
  kind: 'event',
  situations: {
    return: { how: 'native', answer: 'the invocation succeeds' },
    throw: {
      how: 'native',
      answer:
        "the invocation fails: delivered again by the subscription's retry policy, then its dead-letter container",
    },
    retryLater: { how: 'emulated', answer: 'as a throw, observed as `delivery.downgraded`' },
    reject: { how: 'emulated', answer: 'as a throw: it ends in the dead-letter container' },
    ...EMULATED,
  },
};
