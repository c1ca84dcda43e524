import { claimed, completed, extended, type IdempotencyRecord, released } from '../record.js';
import type { Claim, Outcome } from '../store.js';

/** The part of an object's state that is used. */
export interface IdempotencyObjectState {
  readonly storage: {
    get<T>(key: string): Promise<T | undefined>;
    put(key: string, value: unknown): Promise<void>;
    setAlarm(time: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
}

/** A request to an object. */
export type ObjectRequest =
  | ({ readonly op: 'claim' } & Claim)
  | { readonly op: 'complete'; readonly owner: string; readonly outcome: Outcome; readonly retain: number }
  | { readonly op: 'release'; readonly owner: string }
  | { readonly op: 'extend'; readonly owner: string; readonly lease: number };

const RECORD = 'record';

/**
 * The class of the objects: export it from the Worker, and bind it. Each object holds the record of one key. While an
 * operation waits for the storage no other one begins, so each is one atomic step, by the object's own clock.
 *
 * @see https://developers.cloudflare.com/durable-objects/reference/in-memory-state/
 */
export class IdempotencyObject {
  readonly #storage: IdempotencyObjectState['storage'];

  constructor({ storage }: IdempotencyObjectState) {
    this.#storage = storage;
  }

  /** Runs one operation of the store. */
  async fetch(request: Request): Promise<Response> {
    const asked = (await request.json()) as ObjectRequest;
    const found = await this.#storage.get<IdempotencyRecord>(RECORD);
    const { record, answer } = changed(found, asked, Date.now());
    if (record) {
      // The record and its alarm are written together or not at all.
      const kept = this.#storage.put(RECORD, record);
      if (record.expiry !== found?.expiry) await this.#storage.setAlarm(record.expiry);
      await kept;
    }
    return Response.json(answer);
  }

  /** Deletes the record when its retention is over. */
  async alarm(): Promise<void> {
    const record = await this.#storage.get<IdempotencyRecord>(RECORD);
    if (record && record.expiry > Date.now()) await this.#storage.setAlarm(record.expiry);
    else await this.#storage.deleteAll();
  }
}

function changed(
  found: IdempotencyRecord | undefined,
  asked: ObjectRequest,
  now: number,
): { readonly record?: IdempotencyRecord | undefined; readonly answer: unknown } {
  switch (asked.op) {
    case 'claim':
      return claimed(found, asked, now);
    case 'complete': {
      const { done, record } = completed(found, asked.owner, asked.outcome, asked.retain, now);
      return { record, answer: done };
    }
    case 'release': {
      const { done, record } = released(found, asked.owner, now);
      return { record, answer: done };
    }
    case 'extend': {
      const { done, record } = extended(found, asked.owner, asked.lease, now);
      return { record, answer: done };
    }
  }
}
