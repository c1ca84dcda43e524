/**
 * Traces of functions on every cloud, over OpenTelemetry's API.
 *
 * @module
 */
export { type Flushable, flushOnEnd } from './tracing/flush.js';
export { type Traced, type TracingOptions, tracing } from './tracing/tracing.js';
