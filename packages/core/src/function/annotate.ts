import type { StandardSchema } from '../schema.js';
import type { AnyLayer, Layer } from './middleware.js';

/**
 * How a client proves who it is.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#security-scheme-object
 */
export type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: string; readonly bearerFormat?: string; readonly description?: string }
  | {
      readonly type: 'apiKey';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly description?: string;
    }
  | { readonly type: 'openIdConnect'; readonly openIdConnectUrl: string; readonly description?: string }
  | { readonly type: 'oauth2'; readonly flows: object; readonly description?: string }
  | { readonly type: 'mutualTLS'; readonly description?: string };

/** A header that a layer reads or adds. */
export interface HeaderAnnotation {
  readonly description?: string;
  /** Default: false. */
  readonly required?: boolean;
  readonly schema?: StandardSchema;
}

/** A response that a layer may send in place of the function's. */
export interface ResponseAnnotation {
  readonly description?: string;
  /** The schema of its body. */
  readonly body?: StandardSchema;
  readonly headers?: Readonly<Record<string, HeaderAnnotation>>;
}

/** What a layer adds to the contract of a function: tools read it, nothing checks it at run time. */
export interface Annotation {
  /** By name: the schemes, of which a client must satisfy one. */
  readonly security?: Readonly<Record<string, SecurityScheme>>;
  /** What a client's token must permit. */
  readonly scopes?: readonly string[];
  /** The request headers that the layer reads, by name. */
  readonly headers?: Readonly<Record<string, HeaderAnnotation>>;
  /** The responses that the layer may send, by status. */
  readonly responses?: Readonly<Record<number, ResponseAnnotation>>;
}

// Two copies of the package read each other's annotations.
const ANNOTATION: unique symbol = Symbol.for('tradewind.annotation') as never;

/**
 * Says what a layer adds to a function's contract, for tools such as an API document. The layer stays as it is; what an
 * earlier annotation said of another member is kept.
 *
 * @example
 * ```ts
 * import { annotate, beforeParsing, type HttpEvent, json, reply } from '@tradewind/core';
 *
 * export const apiKey = annotate(
 *   beforeParsing(async (event: HttpEvent, _context, next) =>
 *     event.headers.get('x-api-key') === null ? reply(json(401, { error: 'A key is needed.' })) : next(),
 *   ),
 *   {
 *     security: { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
 *     responses: { 401: { description: 'There is no key.' } },
 *   },
 * );
 * ```
 */
export function annotate<Of extends Layer<never, never, unknown>>(layer: Of, annotation: Annotation): Of {
  const same: AnyLayer = (event, context, next) => layer(event as never, context as never, next);
  // With what the layer carries, such as that it runs before parsing.
  return Object.assign(same, layer, { [ANNOTATION]: { ...annotationOf(layer), ...annotation } });
}

/** What a layer says of itself; undefined if nothing. */
export function annotationOf(layer: object): Annotation | undefined {
  return (layer as { readonly [ANNOTATION]?: Annotation })[ANNOTATION];
}
