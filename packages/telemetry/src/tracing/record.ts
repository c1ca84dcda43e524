import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { type AnyEvent, type HttpResult, isDeliverySignal, type Result } from '@tradewind/core';
import { batchResults, scrubbed } from '@tradewind/core/adapter';
import { nameOf } from '../error-name.js';
import { NAMES } from './names.js';

/** What was thrown behind an answer: an error of its span only where the answer that goes out is one. */
const behind = new WeakMap<Span, unknown>();

/** Keeps what core has made an answer of: a layer further out may still answer something else. */
export function pending(span: Span, error: unknown): void {
  behind.set(span, error);
}

/** Says how an invocation ended that gave a result. */
export function ended(span: Span, event: AnyEvent, functionName: string, { value }: Result): void {
  if ('messages' in event) {
    const results = batchResults(functionName, event.messages.length, value);
    const failed = results.filter(({ status }) => status === 'rejected').length;
    span.setAttribute(NAMES.outcome, failed === 0 ? 'ack' : `${failed} of ${results.length} failed`);
    if (failed > 0) span.setStatus({ code: SpanStatusCode.ERROR });
  } else if ('method' in event) {
    const { status } = value as HttpResult;
    answered(span, status);
  } else span.setAttribute(NAMES.outcome, 'ack');
}

function answered(span: Span, status: number): void {
  span.setAttribute(NAMES.status, status);
  // What a client does wrong is no error of the server's.
  if (status < 500) return;
  if (behind.has(span)) recorded(span, behind.get(span));
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (!behind.has(span)) span.setAttribute(NAMES.errorType, String(status));
}

/** Says of an invocation that it has taken too long. */
export function tooLate(span: Span, event: AnyEvent): void {
  if ('method' in event) span.setAttribute(NAMES.status, 504);
  else span.setAttribute(NAMES.outcome, 'retry');
  span.setAttribute(NAMES.errorType, 'timeout');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Says how a message ended that was not done. */
export function failed(span: Span, thrown: unknown): void {
  const outcome = isDeliverySignal(thrown) ? thrown.outcome : 'retry';
  span.setAttribute(NAMES.outcome, outcome);
  // To be asked to wait is no error.
  if (outcome !== 'retryLater') recorded(span, thrown);
}

/** An error as an event of a span, without what is secret. */
function recorded(span: Span, thrown: unknown): void {
  const error = scrubbed(thrown);
  span.setAttribute(NAMES.errorType, nameOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  try {
    span.recordException(error instanceof Error ? error : String(error));
  } catch {
    // A thrown value may be a proxy, or have getters that throw.
  }
}
