import type { CircuitState } from '../observed.js';
import type { Window } from './window.js';

/** How a call through a circuit ended; `neither` says nothing about the service. */
export type End = 'success' | 'failure' | 'neither';

/** Permission for a call, valid for the state in which it was given. */
export interface Pass {
  readonly generation: number;
  /** Whether it is a probe: one of the few calls that test whether the service works again. */
  readonly isProbe: boolean;
  /** In ms since the epoch: a probe that has not ended by then makes room for another one. Its success still counts. */
  readonly end: number;
}

/**
 * One instance's circuit. It has no timer: it checks the time on each call, and lets a few calls through when its open
 * time is over. A call that began before a change of state does not count after it.
 */
export class Circuit {
  readonly #window: Window;
  readonly #openFor: number;
  readonly #probes: number;
  readonly #changed: (from: CircuitState, to: CircuitState) => void;
  readonly #trying = new Set<Pass>();
  #state: CircuitState = 'closed';
  #closedPass: Pass = { generation: 0, isProbe: false, end: Number.POSITIVE_INFINITY };
  #until = 0;
  #succeeded = 0;

  /** @param openFor - in ms. */
  constructor(
    window: Window,
    openFor: number,
    probes: number,
    changed: (from: CircuitState, to: CircuitState) => void,
  ) {
    this.#window = window;
    this.#openFor = openFor;
    this.#probes = probes;
    this.#changed = changed;
  }

  get state(): CircuitState {
    return this.#state;
  }
  /** The pass while the circuit is closed; then a call need not even read the time. */
  get closedPass(): Pass | undefined {
    return this.#state === 'closed' ? this.#closedPass : undefined;
  }

  /** Returns a pass if the call may be made; otherwise for how many ms it may not. */
  enter(now: number): Pass | number {
    if (this.#state === 'closed') return this.#closedPass;
    // If the clock is set back, it must not stay open longer than `openFor`.
    const left = Math.min(this.#until - now, this.#openFor);
    if (this.#state === 'open') {
      if (left > 0) {
        this.#until = now + left;
        return left;
      }
      this.#turn('half-open');
    }
    for (const pass of this.#trying) if (pass.end <= now) this.#trying.delete(pass);
    if (this.#trying.size + this.#succeeded >= this.#probes) return 0;
    const pass = { generation: this.#closedPass.generation, isProbe: true, end: now + this.#openFor };
    this.#trying.add(pass);
    return pass;
  }

  /** Counts a success of a call that was no probe. */
  succeed(pass: Pass, now: number): void {
    if (pass === this.#closedPass) this.#window.add(false, now);
  }

  /**
   * Records how a call ended.
   *
   * @returns whether this opened the circuit.
   */
  leave(pass: Pass, end: End, now: number): boolean {
    if (pass.generation !== this.#closedPass.generation) return false;
    if (!pass.isProbe) {
      if (end === 'neither' || !this.#window.add(end === 'failure', now)) return false;
      this.#open(now);
      return true;
    }
    const isInTime = this.#trying.delete(pass);
    if (end === 'failure' && isInTime) {
      this.#open(now);
      return true;
    }
    // Also of a probe that took longer than `openFor`: otherwise a slow service would never be found to work again.
    if (end === 'success' && ++this.#succeeded >= this.#probes) this.reset();
    return false;
  }

  /** Closes it and forgets what it has counted. */
  reset(): void {
    this.#window.clear();
    if (this.#state !== 'closed') this.#turn('closed');
  }

  /** The counts are kept until it closes, because they are reported to the other instances. */
  #open(now: number): void {
    this.#until = now + this.#openFor;
    this.#turn('open');
  }

  #turn(to: CircuitState): void {
    const from = this.#state;
    this.#state = to;
    this.#succeeded = 0;
    this.#trying.clear();
    this.#closedPass = { ...this.#closedPass, generation: this.#closedPass.generation + 1 };
    this.#changed(from, to);
  }
}
