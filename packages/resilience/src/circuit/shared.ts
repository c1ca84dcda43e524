import { FunctionError } from '@tradewind/core';
import { type Awaitable, describe, inTime, isThenable, report } from '@tradewind/core/adapter';
import type { Call } from '../call.js';
import { type CircuitState, told } from '../observed.js';
import type { End } from './circuit.js';
import type { BreakerReport, BreakerRules, BreakerStore, SharedState } from './store.js';
import type { Window } from './window.js';

/** In ms: a store that takes longer counts as down. */
const PATIENCE = 500;

/**
 * What a call may do: go through this instance's own circuit, be a probe for all instances, or be refused for some ms.
 */
export type Admission = 'through' | { readonly probe: Probe } | { readonly refusedFor: number };

/** A call that tests for all instances whether the service works again. */
export interface Probe {
  readonly id: string;
  /** Of the circuit, when it was granted: later the probe tells nothing. */
  readonly generation: number;
}

/** This instance's own circuit. */
export interface OwnCircuit {
  readonly state: CircuitState;
  /** Closes it, on behalf of a call. */
  reset(call: Call): void;
}

/** The store's last answer. */
interface Known {
  readonly generation: number;
  readonly isOpen: boolean;
  /** In ms since the epoch, by the local clock: no probe before then. */
  readonly until: number;
}

/**
 * This instance's view of a shared circuit. It asks the store before its first call, because a new instance often
 * starts after the others have noticed an outage, and before a probe. In between it reports in the background, at most
 * once every `refresh` ms. If the store is down, calls go through.
 */
export class Shared {
  readonly #name: string;
  readonly #store: (call: Call) => BreakerStore;
  readonly #rules: BreakerRules;
  readonly #refresh: number;
  readonly #window: Window;
  readonly #circuit: OwnCircuit;
  #instance: string | undefined;
  #known: Known | undefined;
  #isAsking = false;
  #isMissing = false;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    name: string,
    store: (call: Call) => BreakerStore,
    rules: BreakerRules,
    refresh: number,
    window: Window,
    circuit: OwnCircuit,
  ) {
    this.#name = name;
    this.#store = store;
    this.#rules = rules;
    this.#refresh = refresh;
    this.#window = window;
    this.#circuit = circuit;
  }

  get isOpen(): boolean {
    return this.#known?.isOpen ?? false;
  }

  /** Whether a call may be made. */
  admit(call: Call): Awaitable<Admission> {
    const known = this.#known;
    // Before the own circuit lets a probe through, ask again: it may be open for all by now.
    const isOwnOpen = this.#circuit.state !== 'closed';
    if (known && !(isOwnOpen && (this.#isAsking || this.#isDue(call)))) return this.#admitted(call, known);
    // On Workers a request must not wait for work that another request started, and nobody should wait twice.
    if (this.#isAsking) return known ? { refusedFor: 0 } : 'through';
    return this.#exchange(call, {}).then(() => (this.#known ? this.#admitted(call, this.#known) : 'through'));
  }

  #admitted(call: Call, { isOpen, until }: Known): Awaitable<Admission> {
    if (!isOpen) return 'through';
    // If the clock is set back, it must not stay open longer than `openFor`.
    const left = Math.min(until - call.clock.now(), this.#rules.openFor);
    if (left > 0) return { refusedFor: left };
    if (this.#isAsking) return { refusedFor: 0 };
    const id = crypto.randomUUID();
    return this.#exchange(call, { ask: id }).then((state) => {
      if (state?.granted) return { probe: { id, generation: state.generation } };
      return this.isOpen ? { refusedFor: state?.remaining ?? 0 } : 'through';
    });
  }

  /** Reports how a probe ended. */
  probed(call: Call, { id, generation }: Probe, end: End): void {
    const isCurrent = generation === this.#known?.generation;
    this.#beside(call, this.#exchange(call, isCurrent ? { ended: { id, end } } : {}));
  }

  /** Reports what this instance has seen, if that is due; at once if its own circuit has just opened. */
  tell(call: Call, isUrgent: boolean): void {
    if (this.#isAsking || !(isUrgent || this.#isDue(call))) return;
    this.#beside(call, this.#exchange(call, {}));
  }

  #isDue(call: Call): boolean {
    return call.clock.now() - this.#askedAt >= this.#refresh;
  }

  #beside({ context }: Call, work: Promise<unknown>): void {
    context.waitUntil?.(work);
  }

  /** Never rejects; undefined if the store failed. */
  async #exchange(call: Call, more: Pick<BreakerReport, 'ask' | 'ended'>): Promise<SharedState | undefined> {
    const { clock } = call;
    this.#isAsking = true;
    this.#askedAt = clock.now();
    this.#instance ??= crypto.randomUUID();
    const report: BreakerReport = {
      instance: this.#instance,
      generation: this.#known?.generation ?? 0,
      ...this.#window.counts(this.#askedAt),
      ...more,
    };
    try {
      const answer = this.#store(call).exchange(this.#name, report, this.#rules);
      const state = checked(isThenable(answer) ? await inTime(clock, PATIENCE, answer, late) : answer);
      this.#isMissing = false;
      this.#learn(call, state);
      return state;
    } catch (error) {
      this.#missed(call, error);
      this.#know(call, this.#known?.generation ?? 0, false, 0);
      return undefined;
    } finally {
      this.#isAsking = false;
    }
  }

  /** Logs once, until the store answers again, that each instance is on its own. */
  #missed(call: Call, error: unknown): void {
    told('circuit.unshared', this.#name, call, { error });
    if (this.#isMissing) return;
    this.#isMissing = true;
    const { log } = call.context;
    const message = 'The store of a circuit failed. Each instance uses its own circuit until the store answers again.';
    if (log) report(log, 'warn', message, { circuit: this.#name, error });
  }

  #learn(call: Call, { generation, isOpen, remaining }: SharedState): void {
    const known = this.#known?.generation ?? 0;
    // Answers may arrive out of order.
    if (generation < known) return;
    if (generation > known && (isOpen || known > 0)) this.#circuit.reset(call);
    this.#know(call, generation, isOpen, call.clock.now() + remaining);
  }

  #know(call: Call, generation: number, isOpen: boolean, until: number): void {
    const wasOpen = this.isOpen;
    this.#known = { generation, isOpen, until };
    if (wasOpen === isOpen) return;
    const [from, to] = isOpen ? (['closed', 'open'] as const) : (['open', 'closed'] as const);
    told('circuit.changed', this.#name, call, { from, to, isShared: true });
  }
}

function late(): FunctionError {
  return new FunctionError('timeout', `The store of the circuit did not answer within ${PATIENCE} ms.`);
}

/** Checks a store's answer: a garbled one must not open a circuit. */
function checked(state: SharedState): SharedState {
  const { generation, isOpen, remaining, granted } = (state ?? {}) as Partial<SharedState>;
  const isRight =
    Number.isSafeInteger(generation) &&
    typeof isOpen === 'boolean' &&
    typeof remaining === 'number' &&
    remaining >= 0 &&
    typeof granted === 'boolean';
  if (isRight) return state;
  throw new FunctionError('internal', `The store of the circuit gave an invalid answer: ${describe(state)}.`);
}
