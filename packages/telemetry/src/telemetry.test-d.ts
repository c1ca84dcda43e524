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

test('a span is in the context of any kind of function, where there is one', () => {
  const fn = defineFunction.use(flushOnEnd(provider)).use(tracing({ provider }));
  fn('a', http({ method: 'GET', path: '/' })).handle((_event, { span }) => {
    expectTypeOf(span).toEqualTypeOf<Span | undefined>();
  });
  fn('b', queue({ queue: 'q' }).batch()).handle((_event, { span }) => {
    // @ts-expect-error: there may be none
    span.end();
  });
});

test('wrong uses do not compile', () => {
  // @ts-expect-error: a typo
  tracing({ providers: provider });
  // @ts-expect-error: nothing that is flushed
  flushOnEnd({ flush() {} });
  const inner = defineFunction.use(tracing());
  inner.use(
    // @ts-expect-error: it adds its span once
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
  // @ts-expect-error: no logger
  defineFunction.logger({ info() {} });
});

test('metrics are of any kind of function', () => {
  const fn = defineFunction
    .use(tracing())
    .use(metrics())
    .use(emf({ namespace: 'Shop' }));
  fn('a', http({ method: 'GET', path: '/' })).handle(() => 1);
  // @ts-expect-error: under what
  emf({});
  // @ts-expect-error: a provider of metrics
  metrics({ provider });
});
