/**
 * The vendors' own types fit the adapters' small structural types, and the adapters' handlers fit what the vendors
 * call.
 */

import type { EventBridge } from '@aws-sdk/client-eventbridge';
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { SNS } from '@aws-sdk/client-sns';
import type { SQS } from '@aws-sdk/client-sqs';
import type { SSM } from '@aws-sdk/client-ssm';
import type { EventGridPublisherClient } from '@azure/eventgrid';
import { app, type HttpRequest, type InvocationContext, type Timer } from '@azure/functions';
import type { SecretClient } from '@azure/keyvault-secrets';
import type { ServiceBusSender } from '@azure/service-bus';
import type { QueueClient } from '@azure/storage-queue';
import type {
  ExecutionContext,
  ExportedHandler,
  MessageBatch,
  ScheduledController,
  SecretsStoreSecret,
} from '@cloudflare/workers-types';
import * as functionsFramework from '@google-cloud/functions-framework';
import type { Topic } from '@google-cloud/pubsub';
import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { defineFunction, http, queue } from '@tradewind/core';
import type {
  ALBEvent,
  ALBHandler,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  Context,
  LambdaFunctionURLEvent,
  ScheduledEvent,
  SQSBatchResponse,
  SQSEvent,
  EventBridgeEvent as VendorEventBridgeEvent,
} from 'aws-lambda';
import type { OAuth2Client } from 'google-auth-library';
import type {
  EventBridgePutClient,
  SecretsManagerClient,
  SnsPublishClient,
  SqsSendClient,
  SsmParameterClient,
} from './aws/index.js';
import { type AzureApp, azure } from './azure/index.js';
import type { KeyVaultClient } from './azure/key-vault.js';
import type { EventGridSendClient } from './azure/transports/event-grid.js';
import type { ServiceBusSendClient } from './azure/transports/service-bus.js';
import type { StorageQueueSendClient } from './azure/transports/storage-queue.js';
import type { AzureContext, AzureHttpRequest, AzureTimer } from './azure/types.js';
import type { CloudEventsOptions } from './cloudevents/index.js';
import { cloudflare } from './cloudflare/index.js';
import type { SecretBinding } from './cloudflare/secrets-store.js';
import type { WorkersBatch, WorkersContext, WorkersController } from './cloudflare/types.js';
import { type FunctionsFramework, gcf } from './gcf/index.js';
import type { GoogleTokenClient, PubSubTopic } from './google/index.js';
import type { SecretManagerClient } from './google/secret-manager.js';
import { lambda, type SqsVisibilityClient } from './lambda/index.js';
import type {
  AlbEvent,
  ApiGatewayV1Event,
  ApiGatewayV2Event,
  EventBridgeEvent,
  LambdaContext,
  SqsBatchResponse,
  SqsEvent,
} from './lambda/types.js';

declare function vendors<T>(): T;
const takes = <T>(_value: T): void => {};

takes<LambdaContext>(vendors<Context>());
takes<ApiGatewayV1Event>(vendors<APIGatewayProxyEvent>());
takes<ApiGatewayV2Event>(vendors<APIGatewayProxyEventV2>());
takes<ApiGatewayV2Event>(vendors<LambdaFunctionURLEvent>());
takes<Omit<AlbEvent, 'body'>>(vendors<ALBEvent>());
takes<SqsEvent>(vendors<SQSEvent>());
takes<EventBridgeEvent>(vendors<VendorEventBridgeEvent<string, unknown>>());
takes<EventBridgeEvent>(vendors<ScheduledEvent>());
takes<WorkersController>(vendors<ScheduledController>());
takes<WorkersBatch>(vendors<MessageBatch>());
takes<WorkersContext>(vendors<ExecutionContext>());
takes<SqsSendClient>(vendors<SQS>());
takes<SqsVisibilityClient>(vendors<SQS>());
takes<SnsPublishClient>(vendors<SNS>());
takes<EventBridgePutClient>(vendors<EventBridge>());
takes<ServiceBusSendClient>(vendors<ServiceBusSender>());
takes<StorageQueueSendClient>(vendors<QueueClient>());
takes<EventGridSendClient>(vendors<EventGridPublisherClient<'CloudEvent'>>());
takes<PubSubTopic>(vendors<Topic>());
takes<GoogleTokenClient>(vendors<OAuth2Client>());
takes<CloudEventsOptions['fetch']>(fetch);
takes<SecretsManagerClient>(vendors<SecretsManager>());
takes<SsmParameterClient>(vendors<SSM>());
takes<SecretBinding>(vendors<SecretsStoreSecret>());
takes<KeyVaultClient>(vendors<SecretClient>());
takes<SecretManagerClient>(vendors<SecretManagerServiceClient>());
takes<SQSBatchResponse>(vendors<SqsBatchResponse>());
takes<(event: ALBEvent, context: Context) => Promise<unknown>>(
  lambda(defineFunction('f', http({ method: 'GET', path: '/' })).handle(() => 1)),
);
takes<Parameters<ALBHandler>[1]>(vendors<Context>());

const worker = cloudflare(
  defineFunction('f', http({ method: 'GET', path: '/' })).handle(() => 1),
  defineFunction('q', queue({ queue: 'q' })).handle(() => 1),
);
takes<NonNullable<ExportedHandler<object>['queue']>>(worker.queue);
// The Workers Request and the web-standard one differ only in members that are not used here.
takes<(request: never, env: object, context: ExecutionContext) => Promise<unknown>>(worker.fetch);

// @ts-expect-error a batch of messages is no HTTP request
takes<ApiGatewayV2Event>(vendors<SQSEvent>());

takes<AzureApp>(app);
takes<AzureContext>(vendors<InvocationContext>());
takes<AzureHttpRequest>(vendors<HttpRequest>());
takes<AzureTimer>(vendors<Timer>());
takes<FunctionsFramework>(functionsFramework);
azure(
  app,
  defineFunction('f', http({ method: 'GET', path: '/' })).handle(() => 1),
);
gcf(
  functionsFramework,
  defineFunction('f', http({ method: 'GET', path: '/' })).handle(() => 1),
);
// @ts-expect-error a client for Event Grid's own schema sends no CloudEvents
takes<EventGridSendClient>(vendors<EventGridPublisherClient<'EventGrid'>>());
