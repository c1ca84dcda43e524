import { type AttributeValue, type Span, trace } from '@opentelemetry/api';
import { type Observed, observe } from '@tradewind/core';
import { nameOf } from '../error-name.js';

/** The spans of invocations that run: several, where the messages of a batch share an id. */
const spans = new Map<string, Set<Span>>();
let isListening = false;

/** Has what is observed in an invocation be an event of its span. */
export function trackSpan(invocationId: string, span: Span): void {
  const own = spans.get(invocationId) ?? new Set();
  spans.set(invocationId, own.add(span));
  if (isListening) return;
  isListening = true;
  observe(onObserved);
}

/** Forgets an invocation that has ended. */
export function untrackSpan(invocationId: string, span: Span): void {
  const own = spans.get(invocationId);
  own?.delete(span);
  if (own?.size === 0) spans.delete(invocationId);
}

function onObserved(event: Observed): void {
  const { type, functionName: _, invocationId, error, ...fields } = event as Observed & Record<string, unknown>;
  // What an invocation came to is told when its span ends.
  if (type === 'delivery.settled' || type === 'http.failed') return;
  const span = trace.getActiveSpan() ?? onlyOne(invocationId);
  if (span?.isRecording()) span.addEvent(type, attributesOf(fields, error));
}

/** Of several nobody knows which one it is, and one of another message's would be wrong. */
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
