/**
 * Runs one function with one fake event on every platform, and compares what comes of it. Not for production bundles.
 *
 * @module
 */
export type { ClientView } from './answers.js';
export type { EveryPlatform } from './every-platform.js';
export { everyPlatform } from './every-platform.js';
export type { EveryPlatformOptions, PlatformName, PlatformReport } from './report.js';
