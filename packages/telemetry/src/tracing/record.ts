import { type Span, SpanStatusCode } from '@opentelemetry/api';
import type { AnyEvent } from '@tradewind/core';
import { isError, scrubbed } from '@tradewind/core/adapter';
import { ATTRIBUTES } from '../attributes.js';
import type { End } from '../end.js';

/** Records on a span how its invocation ended. */
export function recordEnd(span: Span, event: AnyEvent, end: End): void {
  const { status, outcome, outcomes, error, thrown } = end;
  if (status !== undefined) span.setAttribute(ATTRIBUTES.status, status);
  if (outcome !== undefined) span.setAttribute(ATTRIBUTES.outcome, outcome);
  if (outcomes && 'messages' in event) {
    span.setAttribute(ATTRIBUTES.batchFailed, event.messages.length - (outcomes.ack ?? 0));
  }
  if (error !== undefined) span.setAttribute(ATTRIBUTES.errorType, error);
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  if ('thrown' in end) recordThrown(span, thrown);
}

/** Records an error as an event of a span, without secrets. */
function recordThrown(span: Span, thrown: unknown): void {
  try {
    const error = scrubbed(thrown);
    span.recordException(isError(error) ? error : String(scrubbed(String(error))));
  } catch {
    // A thrown value may be a proxy, or have getters that throw.
  }
}
