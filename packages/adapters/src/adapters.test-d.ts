/** What a platform cannot run does not compile, at the guilty argument. Compiled, never run. */
import { type AnyFunction, defineFunction, http, queue, type TradewindFunction } from '@tradewind/core';
import { expectTypeOf } from 'vitest';
import { cloudflare } from './cloudflare/index.js';
import { lambda as onlyHttp } from './lambda/http-only.js';
import { type LambdaHandler, lambda, lambdaStream } from './lambda/index.js';
import { lambda as onlyQueue } from './lambda/queue-only.js';

const place = defineFunction('place', http({ method: 'POST', path: '/orders' })).handle(() => 'placed');
const read = defineFunction('read', http({ method: 'GET', path: '/orders/:id' })).handle(({ params }) => params.id);
const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => 1);
declare const tail: TradewindFunction<'stream', number, unknown>;

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
// @ts-expect-error only HTTP has streams
lambdaStream(charge);

const both = cloudflare(place, charge);
expectTypeOf(both).toHaveProperty('fetch');
expectTypeOf(both).toHaveProperty('queue');
const onlyFetch = cloudflare(place, read);
// @ts-expect-error there is no queue function in it
onlyFetch.queue;
