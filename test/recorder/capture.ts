import { context as active, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { observe } from '@tradewind/core';
import { afterAll, beforeAll, vi } from 'vitest';
import { toPlain } from './plain.ts';

/** What one run on one platform shows, in the order in which it came. */
export interface Captured {
  /** What the platform gets. */
  readonly answer: unknown;
  /** What operators see. */
  readonly seen: {
    readonly lines: readonly unknown[];
    readonly observed: readonly unknown[];
    readonly spans: readonly unknown[];
  };
}

const exporter = new InMemorySpanExporter();

/** Spans are kept, and the date stands still, so that every run has the same times. Call it once in a test file. */
export function prepare(): void {
  beforeAll(() => {
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    trace.setGlobalTracerProvider(provider);
    active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-03T03:30:05Z') });
  });
  afterAll(() => {
    vi.useRealTimers();
    trace.disable();
    active.disable();
  });
}

/** Runs something, and keeps its answer or error, the lines on the console, the observed events and the spans. */
export async function capture(run: () => unknown): Promise<Captured> {
  const lines: unknown[] = [];
  const observed: unknown[] = [];
  const stop = observe((event) => observed.push(event));
  const spies = (['debug', 'info', 'warn', 'error', 'log'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...args: unknown[]) => {
      lines.push([level, ...args.map(parsed)]);
    }),
  );
  exporter.reset();
  let answer: unknown;
  try {
    answer = { returned: await run() };
  } catch (error) {
    answer = { thrown: error };
  }
  // Spans and lines of work that ends with the response.
  await new Promise((resolve) => setTimeout(resolve, 5));
  stop();
  for (const spy of spies) spy.mockRestore();
  return {
    answer: toPlain(answer),
    seen: {
      lines: toPlain(lines) as unknown[],
      observed: toPlain(observed) as unknown[],
      spans: toPlain(exporter.getFinishedSpans().map(toSpan)) as unknown[],
    },
  };
}

function parsed(argument: unknown): unknown {
  try {
    return JSON.parse(argument as string);
  } catch {
    return argument;
  }
}

function toSpan(span: ReadableSpan): object {
  const { name, kind, attributes, status, events, links, parentSpanContext } = span;
  const { traceId, spanId } = span.spanContext();
  return {
    name,
    kind: SpanKind[kind],
    trace: traceId,
    span: spanId,
    parent: parentSpanContext?.spanId,
    links: links.map(({ context }) => context.traceId),
    attributes,
    status: { ...status, code: SpanStatusCode[status.code] },
    events: events.map((event) => ({ name: event.name, attributes: event.attributes })),
  };
}
