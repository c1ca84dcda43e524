// Functions on platforms that cannot run them, and the options of functions on platforms.
import { sqs } from '@tradewind/adapters/aws';
import { type AzureApp, azure, on as onAzure } from '@tradewind/adapters/azure';
import { cloudflare, on as onWorkers } from '@tradewind/adapters/cloudflare';
import { type FunctionsFramework, gcf, on as onGcf } from '@tradewind/adapters/gcf';
import { lambda, lambdaStream, on } from '@tradewind/adapters/lambda';
import { lambda as onlyHttp } from '@tradewind/adapters/lambda/http';
import { lambda as onlyQueue } from '@tradewind/adapters/lambda/queue';
import { node, on as onNode } from '@tradewind/adapters/node';
import { defineFunction, http } from '@tradewind/core';
import { memory } from '@tradewind/core/testing';
import { charge, health, place, shipped } from './functions.js';

declare const app: AzureApp;
declare const framework: FunctionsFramework;
const unfinished = defineFunction('unfinished', http({ method: 'GET', path: '/' }));

// error: lambda/http has no 'queue' trigger
onlyHttp(charge);
// error: lambda/queue has no 'http' trigger
onlyQueue(place);
// error: Expected 1 arguments, but got 2
onlyHttp(place, health);
// error: Cloudflare Workers has no 'event' trigger
cloudflare(shipped);
// error: 'FunctionBuilder<
lambda(unfinished);

// error: A Lambda function has one source of events: a 'queue' function cannot share it
lambda(place, charge);
lambda(
  place,
  // error: A Lambda function has one source of events: a 'queue' function cannot share it
  charge,
  health,
);
cloudflare(
  place,
  // error: Cloudflare Workers has no 'event' trigger
  shipped,
  charge,
);
lambdaStream(
  place,
  // error: lambdaStream has no 'queue' trigger
  charge,
  health,
);
// error: lambdaStream has no 'queue' trigger
lambdaStream(place, charge);
// error: Cloudflare Workers has no 'event' trigger
cloudflare(place, shipped);

node(
  place,
  // error: 'FunctionBuilder<
  unfinished,
  charge,
);
azure(
  app,
  place,
  charge,
  // error: 'FunctionBuilder<
  unfinished,
);
gcf(
  framework,
  // error: 'FunctionBuilder<
  unfinished,
  place,
);
// error: 'place' does not exist
node({ place });
// error: AzureApp
azure(place);
// error: 'string' is not assignable to type 'number'
node(place).listen({ port: '8080' });
// error: 'host
node(place).listen({ hostName: 'localhost' });
// error: Property 'listen' does not exist
lambda(place).listen();
// error: Property 'queue' does not exist
cloudflare(place).queue;

// error: 'deadLetter' does not exist
on(place, { deadLetter: memory() });
// error: 'retries' does not exist
on(charge, { retries: 3 });
// error: 'visibility' does not exist
onWorkers(charge, { visibility: {} });
// error: 'path' does not exist
onNode(place, { path: '/elsewhere' });
// error: "kafka"
onAzure(charge, { source: 'kafka' });
// error: 'connection' does not exist
onAzure(shipped, { connection: 'BUS' });
// error: 'deadLetter' does not exist
onGcf(place, { deadLetter: memory() });
// error: Property 'send' is missing
on(charge, { deadLetter: {} });
// error: Property 'send' is missing
on(place, { send: { orders: {} } });
// error: not assignable
on(place, { env: { PAY_KEY: 'a-key' } });
// error: 'publish' does not exist
sqs({ publish: async () => {} }, 'https://sqs.example/1/orders');
