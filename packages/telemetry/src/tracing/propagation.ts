import { context as active, propagation, type Span, trace } from '@opentelemetry/api';
import { propagateBy } from '@tradewind/core/adapter';
import { type Carried, toW3c } from './formats.js';

/** Makes senders add the active trace to what they send. */
export function installPropagation(): void {
  propagateBy((context) => {
    const current = active.active();
    const { span } = context as { readonly span?: Span };
    // Without a context manager, the invocation's own span is used.
    const spanContext = trace.getSpanContext(current) ?? span?.spanContext();
    if (!spanContext || !trace.isSpanContextValid(spanContext)) return undefined;
    if (propagation.fields().length === 0) return toW3c(spanContext);
    const carrier: Record<string, string> = {};
    propagation.inject(trace.setSpanContext(current, spanContext), carrier);
    const carried: Carried = carrier;
    return carried.traceparent === undefined ? { ...toW3c(spanContext), ...carrier } : carrier;
  });
}
