export type { IdempotencyKeyHeaderOptions } from './header.js';
export { idempotencyKeyHeader } from './header.js';
export { idempotency } from './idempotency.js';
export type { MemoryStoreOptions } from './memory.js';
export { memoryStore } from './memory.js';
export type { IdempotencyNews } from './observed.js';
export type {
  HttpIdempotencyOptions,
  Idempotency,
  IdempotencyOf,
  IdempotencyOptions,
  MessageIdempotencyOptions,
  StoreOption,
} from './options.js';
export type { Idempotent, IdempotentOptions } from './plain.js';
export { idempotent } from './plain.js';
export type { Claim, ClaimAnswer, Grant, Granted, IdempotencyStore, Outcome } from './store.js';
