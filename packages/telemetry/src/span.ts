import type { Span } from '@opentelemetry/api';
import type { Context } from '@tradewind/core';

// The logging entry point has its own copy of this file.
const SPAN = Symbol.for('tradewind.span');
type Holder = { readonly span?: Span; readonly [SPAN]?: Span };

/** Stores the span on the original context, so that core's own log lines about the invocation have its ids. */
export function keepSpan(context: object, span: Span): void {
  Object.defineProperty(context, SPAN, { value: span, configurable: true });
}

/** The trace and span ids of a context. */
// biome-ignore lint/suspicious/noExplicitAny: any environment will do
export function spanIds(context: Context<any>): { readonly traceId?: string; readonly spanId?: string } {
  const { span, [SPAN]: own } = context as Holder;
  return (span ?? own)?.spanContext() ?? {};
}
