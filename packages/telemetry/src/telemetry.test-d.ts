import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import type { Span } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { defineFunction, http, type Logger, queue } from '@tradewind/core';
import { pino } from 'pino';
import { expectTypeOf, test } from 'vitest';
import { flushOnEnd, metrics, tracing } from './index.js';
import { type JsonLogger, jsonLogger, type PowertoolsLog, pinoLogger, powertoolsLogger } from './logging/index.js';
import { emf } from './metrics/emf.js';

const provider = new BasicTracerProvider();

test('the context of any kind of function has the span, or undefined', () => {
  const fn = defineFunction.use(flushOnEnd(provider)).use(tracing({ provider }));
  fn('a', http({ method: 'GET', path: '/' })).handle((_event, { span }) => {
    expectTypeOf(span).toEqualTypeOf<Span | undefined>();
  });
  fn('b', queue({ queue: 'q' }).batch()).handle((_event, { span }) => {
    // @ts-expect-error: it may be undefined
    span.end();
  });
});

test('wrong uses do not compile', () => {
  // @ts-expect-error: a typo
  tracing({ providers: provider });
  // @ts-expect-error: has no forceFlush
  flushOnEnd({ flush() {} });
  const inner = defineFunction.use(tracing());
  inner.use(
    // @ts-expect-error: the context has a span already
    tracing(),
  );
});

test('context.log is the logger that was given', () => {
  defineFunction
    .logger(jsonLogger({ level: 'warn' }))
    .use(tracing())('a', queue({ queue: 'q' }))
    .handle((_event, { log }) => {
      expectTypeOf(log).toEqualTypeOf<JsonLogger>();
      log.child({ a: 1 }).info('x', { b: 2 });
      // @ts-expect-error: the message first
      log.info({ b: 2 }, 'x');
    });
  defineFunction
    .logger(powertoolsLogger(new Powertools()))('b', queue({ queue: 'q' }))
    .handle((_event, { log }) => {
      expectTypeOf(log).toEqualTypeOf<PowertoolsLog>();
    });
  defineFunction
    .logger(pinoLogger(pino()))('c', queue({ queue: 'q' }))
    .handle((_event, { log }) => {
      expectTypeOf(log).toEqualTypeOf<Logger>();
    });
  defineFunction
    .logger(console)('d', queue({ queue: 'q' }))
    .handle((_event, { log }) => log.info('x'));
  // @ts-expect-error: no level of that name
  jsonLogger({ level: 'verbose' });
  // @ts-expect-error: not a logger
  defineFunction.logger({ info() {} });
});

test('metrics work with any kind of function', () => {
  const fn = defineFunction
    .use(tracing())
    .use(metrics())
    .use(emf({ namespace: 'Shop' }));
  fn('a', http({ method: 'GET', path: '/' })).handle(() => 1);
  // @ts-expect-error: the namespace is missing
  emf({});
  // @ts-expect-error: not a meter provider
  metrics({ provider });
});
