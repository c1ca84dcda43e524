import type { FunctionError } from '@tradewind/core';
import { fromHeaders } from '../shared/cloud-event.js';

/**
 * An event as its sender made it. In binary mode, the framework passes the values of the headers as they arrived. It does
 * not say which mode it was: an event in structured mode has a content type as a rule, and attributes that are no text.
 */
export function decodedEvent(came: unknown): { readonly event: unknown; readonly error?: FunctionError | undefined } {
  const { data, ...attributes } = Object(came) as Readonly<Record<string, unknown>>;
  const texts = Object.entries(attributes);
  const isBinary = !('datacontenttype' in attributes) && texts.every(isOfText);
  if (!isBinary || texts.length === 0) return { event: came };
  const read = fromHeaders(texts);
  return { event: { ...read.attributes, data }, error: read.error };
}

function isOfText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}
