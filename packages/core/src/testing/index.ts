/**
 * Fake events, and functions run without a platform. Not for production bundles.
 *
 * @module
 */
export type { VirtualClock } from './clock.js';
export { virtualClock } from './clock.js';
export type { FakeEvent, FakeHttpOptions, FakeMessageOptions, FakeRequest } from './fakes.js';
export { fakeHttp, fakeMessage, fakeRaw, resolveRequest } from './fakes.js';
export type { FakeFor, InvokeOptions } from './invoke.js';
export { invoke } from './invoke.js';
