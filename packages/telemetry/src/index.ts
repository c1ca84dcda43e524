/**
 * Traces and metrics of functions on every cloud, with OpenTelemetry's API.
 *
 * @module
 */
export { type MetricsOptions, metrics } from './metrics/metrics.js';
export { type Flushable, flushOnEnd } from './tracing/flush.js';
export { type Traced, type TracingOptions, tracing } from './tracing/tracing.js';
