import { context as active, propagation, type Span, trace } from '@opentelemetry/api';
import { propagateBy, type TraceFields } from '@tradewind/core/adapter';
import { toW3c } from './formats.js';

/** Valid names of CloudEvents attributes. */
const NAME = /^[a-z\d]+$/;

/** Makes senders add the active trace to what they send, and what registered propagators add: baggage, B3. */
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
    const { traceparent, tracestate, ...others } = carrier;
    return {
      ...(traceparent === undefined ? toW3c(spanContext) : fieldsOf({ traceparent, tracestate })),
      extensions: Object.fromEntries(Object.entries(others).filter(([name, value]) => NAME.test(name) && value !== '')),
    };
  });
}

/** A propagator writes an empty tracestate as an empty string, which CloudEvents does not allow. */
function fieldsOf({ traceparent, tracestate }: TraceFields): TraceFields {
  return tracestate ? { traceparent, tracestate } : { traceparent };
}
