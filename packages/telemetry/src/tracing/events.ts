import { type AttributeValue, type Span, trace } from '@opentelemetry/api';
import { type Observed, observe } from '@tradewind/core';
import { nameOf } from '../error-name.js';

/** The spans of running invocations: several if the messages of a batch share an id. */
const spans = new Map<string, Set<Span>>();
let isListening = false;

/** Records what is observed during an invocation as events of its span. */
export function trackSpan(invocationId: string, span: Span): void {
  const own = spans.get(invocationId) ?? new Set();
  spans.set(invocationId, own.add(span));
  if (isListening) return;
  isListening = true;
  observe(onObserved);
}

/** Forgets a span whose invocation has ended. */
export function untrackSpan(invocationId: string, span: Span): void {
  const own = spans.get(invocationId);
  own?.delete(span);
  if (own?.size === 0) spans.delete(invocationId);
}

function onObserved(event: Observed): void {
  const { type, functionName: _, invocationId, error, ...fields } = event as Observed & Record<string, unknown>;
  // The outcome is recorded when the span ends.
  if (type === 'delivery.settled' || type === 'http.failed') return;
  const span = trace.getActiveSpan() ?? onlyOne(invocationId);
  if (span?.isRecording()) span.addEvent(type, attributesOf(fields, error));
}

/** If there are several spans, the right one is not known, and an event on the wrong one would mislead. */
function onlyOne(invocationId: string | undefined): Span | undefined {
  const own = invocationId === undefined ? undefined : spans.get(invocationId);
  const [span] = own?.size === 1 ? own : [];
  return span;
}

function attributesOf(fields: Readonly<Record<string, unknown>>, error: unknown): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      attributes[`tradewind.${name}`] = value;
    }
  }
  if (error !== undefined) attributes['error.type'] = nameOf(error);
  return attributes;
}
