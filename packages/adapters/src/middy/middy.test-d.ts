import httpCors from '@middy/http-cors';
import inputOutputLogger from '@middy/input-output-logger';
import { defineFunction, http, queue } from '@tradewind/core';
import { expectTypeOf, test } from 'vitest';
import { fromMiddy, type MiddyEvent, type MiddyHandler, toMiddy } from './index.js';

test('middlewares are a layer of an HTTP function, which sees their changes', () => {
  defineFunction('a', http({ method: 'GET', path: '/' }))
    .use(fromMiddy(httpCors(), inputOutputLogger()))
    .handle((_event, { middy }) => {
      expectTypeOf(middy.event).toEqualTypeOf<MiddyEvent>();
      return middy.context.preferredLanguage;
    });
  defineFunction('b', queue({ queue: 'q' })).use(
    // @ts-expect-error: middy middlewares handle requests
    fromMiddy(httpCors()),
  );
  // @ts-expect-error: a function that makes a middleware is not a middleware
  fromMiddy(httpCors);
  // @ts-expect-error: a base is for messages too
  defineFunction.use(fromMiddy(httpCors()));
  defineFunction('c', http({ method: 'GET', path: '/' }))
    .use(fromMiddy(httpCors()))
    // @ts-expect-error: `context.middy` exists already
    .use(fromMiddy(inputOutputLogger()));
});

test('a function of any kind can be a middy handler', () => {
  const fn = defineFunction('b', queue({ queue: 'q' })).handle(() => {});
  expectTypeOf(toMiddy(fn).use(inputOutputLogger())).toEqualTypeOf<MiddyHandler>();
});
