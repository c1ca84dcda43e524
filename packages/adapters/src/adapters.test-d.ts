/** A function that a platform cannot run does not compile, and the error is at its argument. Compiled, never run. */
import {
  type AnyFunction,
  defineFunction,
  type EnvProvider,
  envProvider,
  event,
  http,
  queue,
  schedule,
} from '@tradewind/core';
import { memory } from '@tradewind/core/testing';
import { expectTypeOf } from 'vitest';
import { parameterStore, type SecretsManagerOptions, secretsManager, sqs } from './aws/index.js';
import { type AzureApp, azure, on as onAzure } from './azure/index.js';
import { cloudflare, on as onWorkers, secretsStore } from './cloudflare/index.js';
import { type FunctionsFramework, gcf, on as onGcf } from './gcf/index.js';
import { lambda as onlyHttp, on as onOnlyHttp } from './lambda/http-only.js';
import { type LambdaHandler, lambda, lambdaStream, on } from './lambda/index.js';
import { lambda as onlyQueue, on as onOnlyQueue } from './lambda/queue-only.js';
import { node, on as onNode } from './node/index.js';

const place = defineFunction('place', http({ method: 'POST', path: '/orders' })).handle(() => 'placed');
const read = defineFunction('read', http({ method: 'GET', path: '/orders/:id' })).handle(({ params }) => params.id);
const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => 1);
const nightly = defineFunction('nightly', schedule({ cron: '0 3 * * MON' })).handle(({ data, time }) => {
  expectTypeOf(data).toEqualTypeOf<undefined>();
  expectTypeOf(time).toEqualTypeOf<string>();
});
const shipped = defineFunction('shipped', event({ type: 'order.shipped' })).handle(({ id }) => id);
/** A function of a kind that no platform has. */
declare const tail: Omit<AnyFunction, 'trigger'> & { readonly trigger: { readonly kind: 'stream' } };

expectTypeOf(lambda(place)).toEqualTypeOf<LambdaHandler>();
lambda(charge);
lambda(place, read);
lambdaStream(place, read);
onlyHttp(place);
onlyQueue(charge);
expectTypeOf<AnyFunction>().not.toBeAny();

// @ts-expect-error Cloudflare Workers has no 'stream' trigger
cloudflare(place, tail);
// @ts-expect-error AWS Lambda has no 'stream' trigger (yet)
lambda(tail);
// @ts-expect-error lambda/http has no 'queue' trigger
onlyHttp(charge);
// @ts-expect-error lambda/queue has no 'http' trigger
onlyQueue(place);
// @ts-expect-error a Lambda function has one source of events
lambda(place, charge);
// @ts-expect-error a Lambda function has one source of events
lambda(charge, charge);
lambda(nightly);
lambda(shipped);
expectTypeOf(cloudflare(nightly, place)).toHaveProperty('scheduled');
// @ts-expect-error Cloudflare Workers has no 'event' trigger
cloudflare(shipped);
// @ts-expect-error a Lambda function has one source of events
lambda(place, nightly);
// @ts-expect-error only HTTP has streams
lambdaStream(charge);

const both = cloudflare(place, charge);
expectTypeOf(both).toHaveProperty('fetch');
expectTypeOf(both).toHaveProperty('queue');
const onlyFetch = cloudflare(place, read);
// @ts-expect-error there is no queue function in it
onlyFetch.queue;

// The options depend on the function's kind and platform; the function's type stays the same.
declare const client: {
  sendMessage(input: object): Promise<void>;
  changeMessageVisibility(input: object): Promise<void>;
};
const sink = sqs(client, 'https://sqs.example/1/dead');
expectTypeOf(on(charge, { deadLetter: sink, visibility: client, redeliver: memory() })).toEqualTypeOf(charge);
lambda(
  on(place, {
    send: {
      orders: sqs(
        () => client,
        () => 'url',
      ),
    },
  }),
  read,
);
cloudflare(onWorkers(charge, { deadLetter: memory() }), onWorkers(place, { send: { orders: memory() } }));
// @ts-expect-error an HTTP function has no dead letters
on(place, { deadLetter: sink });
// @ts-expect-error Workers delay by themselves
onWorkers(charge, { redeliver: sink });
// @ts-expect-error Workers have no visibility timeout
onWorkers(charge, { visibility: client });
// @ts-expect-error a transport sends
on(charge, { deadLetter: {} });

// Every kind on every platform accepts providers of environment variables.
declare const PAY_KEY: EnvProvider;
const env = { PAY_KEY };
lambda(on(place, { env }), read);
expectTypeOf(on(charge, { env })).toEqualTypeOf(charge);
on(nightly, { env });
on(shipped, { env });
onOnlyHttp(place, { env });
onOnlyQueue(charge, { env });
cloudflare(onWorkers(place, { env }), onWorkers(charge, { env }), onWorkers(nightly, { env }));
onNode(place, { env });
expectTypeOf(envProvider(async ({ signal }) => signal.aborted, { ttl: 1 })).toEqualTypeOf<EnvProvider>();
expectTypeOf(secretsStore('PAY_KEY', { ttl: 1 })).toEqualTypeOf<EnvProvider>();
expectTypeOf<SecretsManagerOptions>().toEqualTypeOf<{ readonly ttl?: number; readonly field?: string }>();
// @ts-expect-error a client of another service reads no secrets
secretsManager(client, 'prod/pay');
// @ts-expect-error only a secret has fields
parameterStore({ getParameter: async () => ({}) }, '/prod/pay', { field: 'key' });
// @ts-expect-error a variable's provider is made, not written down
on(place, { env: { PAY_KEY: 'a-key' } });

node(place, read);
node(charge, nightly, onNode(shipped, { path: '/hooks/shipped' }));
// @ts-expect-error Node has no 'stream' trigger
node(tail);
// @ts-expect-error an HTTP function knows its own path
onNode(place, { path: '/elsewhere' });

declare const app: AzureApp;
azure(app, place, charge, nightly, shipped);
azure(app, onAzure(charge, { source: 'serviceBus', connection: 'SERVICE_BUS', isSessionsEnabled: true }));
azure(app, onAzure(place, { authLevel: 'function', send: { orders: memory() } }));
azure(app, onAzure(nightly, { retry: { strategy: 'fixedDelay', maxRetryCount: 3, delayInterval: 1_000 } }));
// @ts-expect-error Azure has no 'stream' trigger (yet)
azure(app, tail);
// @ts-expect-error an event of Event Grid has no connection
onAzure(shipped, { connection: 'X' });
// @ts-expect-error nor has it a source of another name
onAzure(charge, { source: 'kafka' });

declare const framework: FunctionsFramework;
gcf(framework, place, charge, nightly, onGcf(shipped, { deadLetter: memory() }));
// @ts-expect-error Google Cloud has no 'stream' trigger (yet)
gcf(framework, tail);
// @ts-expect-error an HTTP function has no dead letters
onGcf(place, { deadLetter: memory() });

// @ts-expect-error lambda/http takes one function
onlyHttp(place, read);
// @ts-expect-error lambda/queue takes one function
onlyQueue(charge, charge);
