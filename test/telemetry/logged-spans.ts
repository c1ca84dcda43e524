import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** A span, as an app logs it. */
export interface LoggedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent?: string;
  readonly state?: string;
  /** In ms since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly at: number }[];
}

type Time = ReadableSpan['startTime'];
const toMs = ([seconds, nanoseconds]: Time): number => seconds * 1_000 + nanoseconds / 1e6;

const logging: SpanProcessor = {
  onStart() {},
  onEnd(span: ReadableSpan) {
    const { name, attributes, parentSpanContext, startTime, endTime, events } = span;
    const { traceId, spanId, traceState } = span.spanContext();
    const said = {
      ...{ name, traceId, spanId, parent: parentSpanContext?.spanId, state: traceState?.serialize(), attributes },
      ...{ start: toMs(startTime), end: toMs(endTime) },
      events: events.map((event) => ({ name: event.name, at: toMs(event.time) })),
    };
    console.log(`SPAN ${JSON.stringify(said)}`);
  },
  forceFlush: async () => {},
  shutdown: async () => {},
};

/** Registers the real SDK, which logs every span that ends. */
export function logSpans(): void {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [logging] }));
}

/** The spans that an app has logged. */
export function spansIn(logs: string): LoggedSpan[] {
  return Array.from(logs.matchAll(/\bSPAN (\{.*\})$/gm), ([, json = '']) => JSON.parse(json) as LoggedSpan);
}
