import { misconfigured, mustBePositive } from '@tradewind/core/adapter';
import { mustBeWhole, shown } from '../checks.js';

/** The last calls, and when so many of them failing open a circuit. */
export interface CountWindow {
  /** How many calls. */
  readonly calls: number;
  readonly ms?: undefined;
  /** Which share of them must have failed, from above 0 to 1. Default: 0.5. */
  readonly failureRate?: number;
  /** Of fewer calls nothing is concluded. Default: 10, or all of the window's where they are fewer. */
  readonly minimum?: number;
}

/** The calls of the last time, and when so many of them failing open a circuit. */
export interface TimeWindow {
  /** In ms; it moves on by tenths. */
  readonly ms: number;
  readonly calls?: undefined;
  /** Which share of them must have failed, from above 0 to 1. Default: 0.5. */
  readonly failureRate?: number;
  /** Of fewer calls nothing is concluded. Default: 10. */
  readonly minimum?: number;
}

/** How many calls there were, and failed. */
export interface Counts {
  readonly calls: number;
  readonly failures: number;
}

/** What became of calls, as a circuit remembers it. */
export interface Window {
  /** Whether {@link add} wants the time. */
  readonly isTimed: boolean;
  /**
   * Counts a call.
   *
   * @param now - in ms since the epoch; any number where it is not timed.
   * @returns whether the circuit is to open.
   */
  add(isFailure: boolean, now: number): boolean;
  counts(now: number): Counts;
  clear(): void;
}

/** So many failures, one after the other. */
export class ConsecutiveWindow implements Window {
  readonly isTimed = false;
  readonly #most: number;
  #failures = 0;

  constructor(failures: number) {
    mustBeWhole(failures, 'failures of circuitBreaker(...)');
    this.#most = failures;
  }
  add(isFailure: boolean): boolean {
    this.#failures = isFailure ? this.#failures + 1 : 0;
    return this.#failures >= this.#most;
  }
  counts(): Counts {
    return { calls: this.#failures, failures: this.#failures };
  }
  clear(): void {
    this.#failures = 0;
  }
}

const DEFAULT_RATE = 0.5;
const DEFAULT_MINIMUM = 10;

/** The last calls, in a ring. */
export class CountedWindow implements Window {
  readonly isTimed = false;
  readonly #ring: Uint8Array;
  readonly #rate: number;
  readonly #minimum: number;
  #at = 0;
  #calls = 0;
  #failures = 0;

  constructor({ calls, failureRate = DEFAULT_RATE, minimum = Math.min(DEFAULT_MINIMUM, calls) }: CountWindow) {
    mustBeWhole(calls, 'calls of the window of circuitBreaker(...)');
    mustBeRate(failureRate);
    mustBeWhole(minimum, 'minimum of the window of circuitBreaker(...)');
    if (minimum > calls) {
      throw misconfigured(
        `The minimum of circuitBreaker(...), ${minimum}, is above the calls of its window, ${calls}.`,
      );
    }
    // In whole calls, as everywhere; made when there is one, since definitions cost a cold start.
    this.#ring = new Uint8Array(calls);
    this.#rate = failureRate;
    this.#minimum = minimum;
  }
  add(isFailure: boolean): boolean {
    const { length } = this.#ring;
    if (this.#calls === length) this.#failures -= this.#ring[this.#at] as number;
    else this.#calls++;
    const failure = isFailure ? 1 : 0;
    this.#ring[this.#at] = failure;
    this.#failures += failure;
    this.#at = this.#at + 1 === length ? 0 : this.#at + 1;
    return isFailure && this.#calls >= this.#minimum && this.#failures >= this.#rate * this.#calls;
  }
  counts(): Counts {
    return { calls: this.#calls, failures: this.#failures };
  }
  clear(): void {
    this.#at = 0;
    this.#calls = 0;
    this.#failures = 0;
  }
}

const SLOTS = 10;

/** The calls of the last time, counted by tenths of it. */
export class TimedWindow implements Window {
  readonly isTimed = true;
  readonly #width: number;
  readonly #rate: number;
  readonly #minimum: number;
  readonly #slots: { calls: number; failures: number }[] = Array.from({ length: SLOTS }, () => ({
    calls: 0,
    failures: 0,
  }));
  /** The slot of the latest call, counted from the epoch on. */
  #head = 0;
  #calls = 0;
  #failures = 0;

  constructor({ ms, failureRate = DEFAULT_RATE, minimum = DEFAULT_MINIMUM }: TimeWindow) {
    mustBePositive(ms, 'ms of the window of circuitBreaker(...)');
    mustBeRate(failureRate);
    mustBeWhole(minimum, 'minimum of the window of circuitBreaker(...)');
    this.#width = ms / SLOTS;
    this.#rate = failureRate;
    this.#minimum = minimum;
  }
  add(isFailure: boolean, now: number): boolean {
    this.#move(now);
    const slot = this.#slots[this.#head % SLOTS] as { calls: number; failures: number };
    slot.calls++;
    this.#calls++;
    if (!isFailure) return false;
    slot.failures++;
    this.#failures++;
    return this.#calls >= this.#minimum && this.#failures >= this.#rate * this.#calls;
  }
  counts(now: number): Counts {
    this.#move(now);
    return { calls: this.#calls, failures: this.#failures };
  }
  clear(): void {
    for (const slot of this.#slots) slot.calls = slot.failures = 0;
    this.#calls = 0;
    this.#failures = 0;
  }

  /** Forgets what is over. A clock that is set back by more than the window begins anew; by less, it stands still. */
  #move(now: number): void {
    const index = Math.floor(now / this.#width);
    const ahead = index - this.#head;
    if (ahead === 0) return;
    if (ahead >= SLOTS || ahead <= -SLOTS) this.clear();
    else if (ahead < 0) return;
    else {
      for (let at = this.#head + 1; at <= index; at++) {
        const slot = this.#slots[at % SLOTS] as { calls: number; failures: number };
        this.#calls -= slot.calls;
        this.#failures -= slot.failures;
        slot.calls = slot.failures = 0;
      }
    }
    this.#head = index;
  }
}

function mustBeRate(rate: number): void {
  if (!(typeof rate === 'number' && rate > 0 && rate <= 1)) {
    throw misconfigured(`The failureRate of circuitBreaker(...) is no number above 0 and up to 1, but ${shown(rate)}.`);
  }
}
