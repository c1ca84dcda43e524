import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { type AnyEvent, type HttpResult, isDeliverySignal, isFunctionError, type Result } from '@tradewind/core';
import { batchResults, scrubbed } from '@tradewind/core/adapter';
import { NAMES } from './names.js';

/** Says how an invocation ended that gave a result, and ends its span. */
export function ended(span: Span, event: AnyEvent, functionName: string, { value }: Result): void {
  if ('messages' in event) {
    const results = batchResults(functionName, event.messages.length, value);
    const failed = results.filter(({ status }) => status === 'rejected').length;
    span.setAttribute(NAMES.outcome, failed === 0 ? 'ack' : `${failed} of ${results.length} failed`);
    if (failed > 0) span.setStatus({ code: SpanStatusCode.ERROR });
  } else if ('method' in event) {
    const { status } = value as HttpResult;
    span.setAttribute(NAMES.status, status);
    // What a client does wrong is no error of the server's.
    if (status >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute(NAMES.errorType, String(status));
    }
  } else span.setAttribute(NAMES.outcome, 'ack');
  span.end();
}

/** Says how a message ended that was not done, and ends its span. */
export function failed(span: Span, thrown: unknown): void {
  const outcome = isDeliverySignal(thrown) ? thrown.outcome : 'retry';
  span.setAttribute(NAMES.outcome, outcome);
  // To be asked to wait is no error.
  if (outcome !== 'retryLater') recorded(span, thrown);
  span.end();
}

/** An error as an event of a span, without what is secret. */
export function recorded(span: Span, thrown: unknown): void {
  const error = scrubbed(thrown);
  const type = isFunctionError(error) ? error.code : error instanceof Error ? error.name : typeof error;
  span.setAttribute(NAMES.errorType, type);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.recordException(error instanceof Error ? error : String(error));
}
