import { context as active, propagation, type Span, trace } from '@opentelemetry/api';
import { propagateBy, type TraceFields } from '@tradewind/core/adapter';
import { toW3c } from './formats.js';

/** What a CloudEvents attribute may be called. */
const NAME = /^[a-z\d]+$/;

/** Has senders tell of the trace that they send in, and of what the user's propagators add: baggage, B3. */
export function installPropagation(): void {
  propagateBy((context) => {
    const current = active.active();
    const { span } = context as { readonly span?: Span };
    // Where the runtime has no memory of what is active, the invocation's own span is what there is.
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

/** A propagator writes a state without members as an empty text, which no attribute of an event may be. */
function fieldsOf({ traceparent, tracestate }: TraceFields): TraceFields {
  return tracestate ? { traceparent, tracestate } : { traceparent };
}
