import type { CircuitState } from '../observed.js';
import type { Window } from './window.js';

/** How a call through a circuit ended: `neither` says nothing of what was called. */
export type End = 'success' | 'failure' | 'neither';

/** A call that may be made, of the time in which it began. */
export interface Pass {
  readonly generation: number;
  /** Whether it is one of the few that try whether what was called is back. */
  readonly isProbe: boolean;
  /** In ms since the epoch: a probe that has not ended by then counts as none. */
  readonly end: number;
}

/**
 * One instance's circuit. It has no timer: an open one is asked, and lets a few calls try when its time is over. What began
 * before a change of state says nothing after it.
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
  /** What a call gets while the circuit is closed: then nothing is to be asked, the time neither. */
  get closedPass(): Pass | undefined {
    return this.#state === 'closed' ? this.#closedPass : undefined;
  }

  /** A pass, where the call may be made; or for how many ms it may not. */
  enter(now: number): Pass | number {
    if (this.#state === 'closed') return this.#closedPass;
    // A clock that is set back must not keep it open for longer than it may be.
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

  /** Says that a call has succeeded that was no probe. */
  succeed(pass: Pass, now: number): void {
    if (pass === this.#closedPass) this.#window.add(false, now);
  }

  /**
   * Says how a call ended.
   *
   * @returns whether it has opened the circuit.
   */
  leave(pass: Pass, end: End, now: number): boolean {
    if (pass.generation !== this.#closedPass.generation) return false;
    if (!pass.isProbe) {
      if (end === 'neither' || !this.#window.add(end === 'failure', now)) return false;
      this.#open(now);
      return true;
    }
    if (!this.#trying.delete(pass)) return false;
    if (end === 'failure') {
      this.#open(now);
      return true;
    }
    if (end === 'success' && ++this.#succeeded >= this.#probes) this.reset();
    return false;
  }

  /** Closes it, and forgets what there was. */
  reset(): void {
    this.#window.clear();
    if (this.#state !== 'closed') this.#turn('closed');
  }

  /** What it has seen stays until it closes: that is what it tells the other instances. */
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
