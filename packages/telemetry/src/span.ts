import type { Span } from '@opentelemetry/api';
import type { Context } from '@tradewind/core';

// The logging entry has its own copy of this file.
const SPAN = Symbol.for('tradewind.span');
type Holder = { readonly span?: Span; readonly [SPAN]?: Span };

/** Has core's own lines about an invocation, which are written with the context that it came with, belong to its span. */
export function keepSpan(context: object, span: Span): void {
  Object.defineProperty(context, SPAN, { value: span, configurable: true });
}

/** What a context with a span is known by in traces. */
// biome-ignore lint/suspicious/noExplicitAny: any environment will do
export function spanIds(context: Context<any>): { readonly traceId?: string; readonly spanId?: string } {
  const { span, [SPAN]: own } = context as Holder;
  return (span ?? own)?.spanContext() ?? {};
}
