import type { Claim, ClaimAnswer, Grant, Granted, IdempotencyStore, Outcome } from '../store.js';

/** Outlasts any test. */
export const LONG = 3_600_000;
/** Has expired when {@link Tried.expire} is over. */
export const SHORT = 50;

/** A case: it throws if the store does something else. */
export type Check = (tried: Tried) => Promise<void>;

/** A store under test, with a key of its own. */
export class Tried {
  readonly key: string = `conformance-${crypto.randomUUID()}`;
  readonly store: IdempotencyStore;
  readonly #sleep: (ms: number) => Promise<void>;

  constructor(store: IdempotencyStore, sleep: (ms: number) => Promise<void>) {
    this.store = store;
    this.#sleep = sleep;
  }

  async claim(
    owner: string,
    { key = this.key, ...claim }: Partial<Claim> & { key?: string } = {},
  ): Promise<ClaimAnswer> {
    return this.store.claim(key, { owner, fingerprint: 'f', lease: LONG, retain: LONG, ...claim });
  }
  async granted(owner: string, claim: Partial<Claim> & { key?: string } = {}): Promise<Granted> {
    const answer = await this.claim(owner, claim);
    if (answer.state !== 'granted')
      throw new Error(`The claim of '${owner}' must be granted; got ${JSON.stringify(answer)}`);
    return answer;
  }
  async complete(owner: string, outcome: Outcome = completed('"v"'), retain: number = LONG): Promise<boolean> {
    return this.store.complete(this.#grant(owner), outcome, retain);
  }
  async release(owner: string): Promise<boolean> {
    return this.store.release(this.#grant(owner));
  }
  async extend(owner: string, lease: number = LONG): Promise<boolean> {
    return this.store.extend(this.#grant(owner), lease);
  }
  /** Lets every lease and retention of {@link SHORT} expire. */
  expire(): Promise<void> {
    return this.#sleep(SHORT * 2);
  }
  #grant(owner: string): Grant {
    return { key: this.key, owner };
  }
}

/** An outcome whose value does not matter. */
export function completed(value: string): Outcome {
  return { state: 'completed', value };
}

/** Throws if the actual value is not the expected one. */
export function same(came: unknown, expected: unknown, what: string): void {
  const [a, b] = [came, expected].map((value) => JSON.stringify(value, ordered));
  if (a !== b) throw new Error(`${what}: expected ${shown(b)}; got ${shown(a)}.`);
}

/** Throws if the condition does not hold. */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

function ordered(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function shown(text: string | undefined): string {
  return text === undefined ? 'undefined' : text.slice(0, 300);
}
