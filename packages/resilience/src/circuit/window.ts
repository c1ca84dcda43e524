import { misconfigured, mustBePositive } from '@tradewind/core/adapter';
import { mustBeWhole, shown } from '../checks.js';

/** The last calls, and the failure rate that opens the circuit. */
export interface CountWindow {
  /** The number of calls. */
  readonly calls: number;
  readonly ms?: undefined;
  /** The share of calls that must have failed, from above 0 to 1. Default: 0.5. */
  readonly failureRate?: number;
  /** The circuit does not open with fewer calls. Default: 10, or `calls` if that is smaller. */
  readonly minimum?: number;
}

/** The calls of a period, and the failure rate that opens the circuit. */
export interface TimeWindow {
  /** In ms. The window moves in steps of a tenth. */
  readonly ms: number;
  readonly calls?: undefined;
  /** The share of calls that must have failed, from above 0 to 1. Default: 0.5. */
  readonly failureRate?: number;
  /** The circuit does not open with fewer calls. Default: 10. */
  readonly minimum?: number;
}

/** How many calls there were, and how many failed. */
export interface Counts {
  readonly calls: number;
  readonly failures: number;
}

/** The results of calls that a circuit remembers. */
export interface Window {
  /** Whether {@link add} needs the time. */
  readonly isTimed: boolean;
  /**
   * Counts a call.
   *
   * @param now - in ms since the epoch; any number if the window is not timed.
   * @returns whether the circuit must open.
   */
  add(isFailure: boolean, now: number): boolean;
  counts(now: number): Counts;
  clear(): void;
}

/** Consecutive failures. */
export class ConsecutiveWindow implements Window {
  readonly isTimed = false;
  readonly #most: number;
  #failures = 0;

  constructor(failures: number) {
    mustBeWhole(failures, 'circuitBreaker(...): `failures`');
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

/** The last calls, in a ring buffer. */
export class CountedWindow implements Window {
  readonly isTimed = false;
  readonly #ring: Uint8Array;
  readonly #rate: number;
  readonly #minimum: number;
  #at = 0;
  #calls = 0;
  #failures = 0;

  constructor({ calls, failureRate = DEFAULT_RATE, minimum = Math.min(DEFAULT_MINIMUM, calls) }: CountWindow) {
    mustBeWhole(calls, 'circuitBreaker(...): `window.calls`');
    mustBeRate(failureRate);
    mustBeWhole(minimum, 'circuitBreaker(...): `window.minimum`');
    if (minimum > calls) {
      throw misconfigured(
        `circuitBreaker(...): \`window.minimum\` must not be above \`window.calls\`, ${calls}; got ${minimum}.`,
      );
    }
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

/** The calls of a period, counted in tenths of it. */
export class TimedWindow implements Window {
  readonly isTimed = true;
  readonly #width: number;
  readonly #rate: number;
  readonly #minimum: number;
  readonly #slots: { calls: number; failures: number }[] = Array.from({ length: SLOTS }, () => ({
    calls: 0,
    failures: 0,
  }));
  /** The slot of the latest call, counted from the epoch. */
  #head = 0;
  #calls = 0;
  #failures = 0;

  constructor({ ms, failureRate = DEFAULT_RATE, minimum = DEFAULT_MINIMUM }: TimeWindow) {
    mustBePositive(ms, 'circuitBreaker(...): `window.ms`');
    mustBeRate(failureRate);
    mustBeWhole(minimum, 'circuitBreaker(...): `window.minimum`');
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

  /**
   * Forgets old slots. If the clock is set back by more than the window, it starts anew; by less, the window stands
   * still.
   */
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
    throw misconfigured(
      `circuitBreaker(...): \`window.failureRate\` must be above 0 and at most 1; got ${shown(rate)}.`,
    );
  }
}
