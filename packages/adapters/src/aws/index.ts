/**
 * Transports to AWS, over clients that the user made.
 *
 * @module
 */
export type { ClientOption } from '../shared/client.js';
export type { EventBridgePutClient } from './event-bridge.js';
export { eventBridge } from './event-bridge.js';
export type { SnsPublishClient } from './sns.js';
export { sns } from './sns.js';
export type { SqsSendClient } from './sqs.js';
export { sqs } from './sqs.js';
