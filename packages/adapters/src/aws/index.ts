/**
 * Transports to AWS services, and environment variables from AWS secret stores. You pass in the AWS SDK clients.
 *
 * @module
 */
export type { ClientOption } from '../shared/client.js';
export type { EventBridgePutClient } from './event-bridge.js';
export { eventBridge } from './event-bridge.js';
export type { SsmParameterClient } from './parameter-store.js';
export { parameterStore } from './parameter-store.js';
export type { SecretsManagerClient, SecretsManagerOptions } from './secrets-manager.js';
export { secretsManager } from './secrets-manager.js';
export type { SnsPublishClient } from './sns.js';
export { sns } from './sns.js';
export type { SqsSendClient } from './sqs.js';
export { sqs } from './sqs.js';
