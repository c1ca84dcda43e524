/** The vendors' documented events, each on its own platform, with functions that write down what they see. */

import { azure, on as onAzure } from '@tradewind/adapters/azure';
import { lambda } from '@tradewind/adapters/lambda';
import { type AnyFunction, defineFunction, event, type HttpEvent, http, queue, schedule } from '@tradewind/core';
import { tracing } from '@tradewind/telemetry';
import { answering } from '../../packages/adapters/src/node/answering.ts';
import { toRequests } from '../../packages/adapters/src/node/endpoints.ts';
import { onGcf } from '../../packages/adapters/src/testing/gcf.ts';
import * as aws from '../golden/aws.ts';
import * as fromAzure from '../golden/azure.ts';
import * as google from '../golden/google.ts';
import { overWire } from './platforms.ts';

const define = defineFunction.use(tracing());
const seeing = (message: object, { deliveryAttempt }: { readonly deliveryAttempt: number | undefined }): void => {
  console.log({ message: { ...message }, deliveryAttempt });
};
const asked = define('asked', http({ method: 'POST', path: '/my/:name' })).handle(async (request) => {
  const { method, path, params, query, cookies, headers, body } = request as HttpEvent;
  const { url } = request.request;
  return { method, path, params, query, cookies, headers: [...headers], body, url, text: await request.request.text() };
});
const work = define('work', queue({ queue: 'q' })).handle(seeing);
const nightly = define('nightly', schedule({ cron: '30 3 * * MON-FRI' })).handle(seeing);
const events = (type: string): AnyFunction => define('events', event({ type })).handle(seeing);

const onLambda = (fn: AnyFunction, came: unknown) => () =>
  lambda(fn as never)(came, { awsRequestId: 'id', getRemainingTimeInMillis: () => 3_000 });

const onAzureApp = (fn: AnyFunction, sent: fromAzure.Sent) => async () => {
  const handlers: ((trigger: unknown, context: unknown) => Promise<unknown>)[] = [];
  const keep = (_name: string, { handler }: { readonly handler: never }): void => void handlers.push(handler);
  azure({ http: keep, storageQueue: keep, serviceBusQueue: keep, timer: keep, eventGrid: keep } as never, fn as never);
  const { trigger, context } = await fromAzure.arrived(sent);
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return handlers[0]?.(trigger, Object.assign(Object.create(quiet), context));
};
const bus = (fn: AnyFunction): AnyFunction =>
  onAzure(fn as never, { source: 'serviceBus', connection: 'BUS' } as never);

const onFramework =
  (fn: AnyFunction, { headers, body }: google.Sent) =>
  () => {
    const attributes = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('ce-') ? [[name.slice(3), value]] : [],
    );
    return onGcf(fn).run(attributes.length > 0 ? { ...Object.fromEntries(attributes), data: body } : body);
  };
const onServer =
  (fn: AnyFunction, { headers, body }: google.Sent) =>
  () =>
    overWire(answering(toRequests([fn]), new Set()), {
      method: 'POST',
      path: `/${fn.name}`,
      search: '',
      headers: Object.entries(headers),
      cookies: [],
      body: body === undefined ? undefined : JSON.stringify(body),
    });

const STORED = 'google.cloud.storage.object.v1.finalized';

export const GOLDEN: Readonly<Record<string, () => unknown>> = {
  'lambda: API Gateway 2.0': onLambda(asked, aws.apiGatewayV2),
  'lambda: a function URL': onLambda(asked, aws.functionUrl),
  'lambda: API Gateway 1.0': onLambda(asked, aws.apiGatewayV1),
  'lambda: a load balancer': onLambda(asked, aws.alb),
  'lambda: a load balancer, multi-value': onLambda(asked, aws.albMultiValue),
  'lambda: SQS': onLambda(work, aws.sqs),
  'lambda: SQS FIFO': onLambda(work, aws.sqsFifo),
  'lambda: a scheduled event': onLambda(nightly, aws.scheduledEvent),
  'lambda: EventBridge': onLambda(events('EC2 Instance State-change Notification'), aws.ec2StateChange),
  'lambda: an event of another kind': onLambda(work, aws.alb),
  'lambda: an event of another type': onLambda(events('order.shipped'), aws.ec2StateChange),
  'azure: a request': onAzureApp(asked, fromAzure.http),
  'azure: a storage queue': onAzureApp(work, fromAzure.storageQueue),
  'azure: Service Bus': onAzureApp(bus(work), fromAzure.serviceBus),
  'azure: Service Bus, many': onAzureApp(
    bus(define('bulk', queue({ queue: 'q' }).batch()).handle(seeing as never)),
    fromAzure.serviceBusMany,
  ),
  'azure: a timer': onAzureApp(nightly, fromAzure.timer),
  'azure: Event Grid': onAzureApp(events('Microsoft.Storage.BlobCreated'), fromAzure.eventGrid),
  'azure: a CloudEvent': onAzureApp(events('Microsoft.Storage.BlobCreated'), fromAzure.cloudEvent),
  'azure: an event of another kind': onAzureApp(work, fromAzure.timer),
  'gcf: Pub/Sub through Eventarc': onFramework(work, google.published),
  'gcf: Cloud Scheduler through Pub/Sub': onFramework(nightly, google.scheduled),
  'gcf: Cloud Storage': onFramework(events(STORED), google.stored),
  'gcf: an event of another kind': onFramework(work, google.stored),
  'node: a push of Pub/Sub': onServer(work, google.push),
  'node: Pub/Sub through Eventarc': onServer(work, google.published),
  'node: Pub/Sub through Eventarc, structured': onServer(work, google.publishedStructured),
  'node: Cloud Storage': onServer(events(STORED), google.stored),
  'node: Cloud Scheduler': onServer(nightly, google.posted),
  'node: an event of another kind': onServer(events('order.shipped'), google.stored),
};
