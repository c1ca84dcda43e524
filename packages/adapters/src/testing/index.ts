/**
 * Runs one function with one fake event on every platform, and compares the outcomes. For tests, not for production.
 *
 * @module
 */
export type { ClientView } from './answers.js';
export type { EveryPlatform } from './every-platform.js';
export { everyPlatform } from './every-platform.js';
export type { EveryPlatformOptions, PlatformName, PlatformReport } from './report.js';
