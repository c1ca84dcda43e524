export type { MemoryStoreOptions } from './memory.js';
export { memoryStore } from './memory.js';
export type { Claim, ClaimAnswer, Grant, Granted, IdempotencyStore, Outcome } from './store.js';
