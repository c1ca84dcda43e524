/**
 * Fake events, and helpers that run functions without a platform. Not for production bundles.
 *
 * @module
 */

export type { Settlement } from '../delivery/deliver.js';
export type { VirtualClock } from './clock.js';
export { virtualClock } from './clock.js';
export type { FakeEvent, FakeHttpOptions, FakeMessageOptions, FakeRequest } from './fakes.js';
export { fakeBatch, fakeEvent, fakeHttp, fakeMessage, fakeRaw, fakeSchedule, resolveRequest } from './fakes.js';
export type { FakeFor } from './invoke.js';
export { deliver, deliverBatch, invoke } from './invoke.js';
export type { MemoryTransport } from './memory.js';
export { memory } from './memory.js';
export type { InvokeOptions } from './pretend.js';
