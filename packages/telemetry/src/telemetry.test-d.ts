import type { Span } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { defineFunction, http, queue } from '@tradewind/core';
import { expectTypeOf, test } from 'vitest';
import { flushOnEnd, tracing } from './index.js';

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
