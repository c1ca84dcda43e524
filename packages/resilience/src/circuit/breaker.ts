import type { Context } from '@tradewind/core';
import { checkOptions, describe, isThenable, misconfigured, mustBe, mustBePositive } from '@tradewind/core/adapter';
import { tooLate } from '../bounded.js';
import type { Call } from '../call.js';
import { mustBeNumber, mustBeWhole } from '../checks.js';
import { hasLeft, isFault, isNoFailure } from '../failure.js';
import { type CircuitState, told } from '../observed.js';
import { begun, type Operation, type Policy, policyOf, type Run } from '../policy.js';
import { RefusedError } from '../refused.js';
import { Circuit, type End, type Pass } from './circuit.js';
import { type Admission, type OwnCircuit, type Probe, Shared } from './shared.js';
import type { BreakerStore } from './store.js';
import {
  ConsecutiveWindow,
  CountedWindow,
  type CountWindow,
  TimedWindow,
  type TimeWindow,
  type Window,
} from './window.js';

interface CommonOptions {
  /** The called service: in errors and observed events, and the name of a circuit that instances share. */
  readonly name: string;
  /** In ms: how long calls are refused before a few are let through. Default: 30,000. */
  readonly openFor?: number;
  /** How many calls are let through at a time, and must succeed, before it closes. Default: 1. */
  readonly probes?: number;
  /** In ms: a call that takes longer counts as failed. Default: no limit. */
  readonly slowAfter?: number;
  /**
   * Which errors count as failures. Default: all except a FunctionError that is the caller's fault (`not_found`,
   * `bad_request`, ...), which counts as a success. `retryLater`, `reject` and a caller's abort count as neither.
   */
  readonly when?: (error: unknown) => boolean;
}

/** Opens after a number of consecutive failures. */
export interface ConsecutiveBreakerOptions extends CommonOptions {
  /** Default: 5. */
  readonly failures?: number;
  readonly window?: undefined;
  readonly store?: undefined;
}

/** Opens at a failure rate over the last calls. */
export interface CountBreakerOptions extends CommonOptions {
  readonly failures?: undefined;
  readonly window: CountWindow;
  readonly store?: undefined;
}

/** Opens at a failure rate over a period. */
export interface TimeBreakerOptions extends CommonOptions {
  readonly failures?: undefined;
  readonly window: TimeWindow;
  readonly store?: undefined;
  readonly quorum?: undefined;
  readonly refresh?: undefined;
}

/** Opens at a failure rate over a period, over all instances. */
export interface SharedBreakerOptions extends CommonOptions {
  readonly failures?: undefined;
  readonly window: TimeWindow;
  /**
   * The store that instances share the circuit in. It opens for all instances when the failure rate is reached over all
   * calls and in most of the instances. Each instance also has its own circuit, so that an instance with a local
   * problem does not open it for the others. Pass a function of the context if a client must not outlive an invocation
   * (Workers).
   */
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  readonly store: BreakerStore | ((context: Context<any>) => BreakerStore);
  /** From 0 to below 1: more than this share of the instances must reach the failure rate. Default: 0.5. */
  readonly quorum?: number;
  /** In ms: how often an instance reports to the store and asks it, in the background. Default: 2,000. */
  readonly refresh?: number;
}

/** Options of {@link circuitBreaker}. */
export type CircuitBreakerOptions =
  | ConsecutiveBreakerOptions
  | CountBreakerOptions
  | TimeBreakerOptions
  | SharedBreakerOptions;

/** A policy that may refuse its calls. */
export interface CircuitBreaker extends Policy {
  /** The state at the last call or report. An open circuit becomes half-open with the first call after its time. */
  readonly state: CircuitState;
}

const NAMES = [
  ...['name', 'openFor', 'probes', 'slowAfter', 'when'],
  ...['failures', 'window', 'store', 'quorum', 'refresh'],
];

/**
 * Refuses calls to a failing service for a while, so that it can recover and callers do not wait in vain. Then a few
 * calls are let through, and all others are refused until those have succeeded.
 *
 * @returns the policy. A refused call rejects at once with a RefusedError (`unavailable`), see `isRefused`.
 * @throws FunctionError `misconfigured` if an option is invalid.
 * @example
 * ```ts
 * import { circuitBreaker, compose, retry, timeout } from '@tradewind/resilience';
 *
 * export const payments = compose(retry(), circuitBreaker({ name: 'payments', failures: 5 }), timeout(2_000));
 * ```
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  checkOptions('circuitBreaker', options, NAMES);
  const { name, openFor = 30_000, probes = 1, slowAfter, when = isFault } = options;
  mustBe('string', name, 'circuitBreaker(...): `name`');
  mustBePositive(openFor, 'circuitBreaker(...): `openFor`');
  mustBePositive(slowAfter, 'circuitBreaker(...): `slowAfter`');
  mustBe('function', when, 'circuitBreaker(...): `when`');
  mustBeWhole(probes, 'circuitBreaker(...): `probes`');
  const window = windowOf(options);
  const { isTimed } = window;
  // A context holds its whole event, so it is kept only while a change of state is reported.
  let current: Call | undefined;
  const circuit = new Circuit(window, openFor, probes, (from, to) => {
    if (current) told('circuit.changed', name, current, { from, to, isShared: false });
  });
  const own: OwnCircuit = {
    get state() {
      return circuit.state;
    },
    reset(call) {
      current = call;
      circuit.reset();
      current = undefined;
    },
  };
  const shared = sharedOf(options, openFor, probes, window, own);

  /** Whether a success only needs counting: most calls take this path, so it does no more. */
  const isPlain = slowAfter === undefined && !shared;
  let lastFailure: unknown;
  const leave = (pass: Pass, end: End, call: Call, now: number): void => {
    current = call;
    const hasOpened = circuit.leave(pass, end, now);
    current = undefined;
    shared?.tell(call, hasOpened);
  };
  const endOf = (start: number, now: number): End =>
    slowAfter !== undefined && now - start > slowAfter ? 'failure' : 'success';
  const faultOf = (error: unknown, call: Call): End =>
    isNoFailure(error, call) ? 'neither' : when(error) ? 'failure' : 'success';

  const through = <T>(operation: Operation<T>, call: Call, pass: Pass): Promise<T> => {
    const start = slowAfter === undefined ? 0 : call.clock.now();
    return begun(operation, call).then(
      (value) => {
        if (isPlain && !pass.isProbe) circuit.succeed(pass, isTimed ? call.clock.now() : 0);
        else {
          const now = call.clock.now();
          leave(pass, endOf(start, now), call, now);
        }
        return value;
      },
      (error) => {
        const now = call.clock.now();
        const end = faultOf(error, call);
        if (end === 'failure') lastFailure = error;
        leave(pass, end === 'success' ? endOf(start, now) : end, call, now);
        throw error;
      },
    );
  };
  const refused = (call: Call, ms: number): Promise<never> => {
    told('policy.refused', name, call, { policy: 'circuitBreaker' });
    shared?.tell(call, false);
    const isTrying = shared ? ms === 0 : circuit.state === 'half-open';
    const message = isTrying
      ? `The circuit '${name}' is half-open: another call is testing whether the service works again.`
      : `The circuit '${name}' is open: too many calls have failed.`;
    return Promise.reject(new RefusedError('circuitBreaker', name, message, ms, lastFailure));
  };
  /** Calls through this instance's own circuit. */
  const alone = <T>(operation: Operation<T>, call: Call): Promise<T> => {
    const { closedPass } = circuit;
    if (closedPass) return through(operation, call, closedPass);
    current = call;
    const pass = circuit.enter(call.clock.now());
    current = undefined;
    return typeof pass === 'number' ? refused(call, pass) : through(operation, call, pass);
  };
  if (!shared) return breakerOf(alone, () => circuit.state);

  /** Calls as a probe for all instances. */
  const probe = <T>(operation: Operation<T>, call: Call, granted: Probe): Promise<T> => {
    const start = call.clock.now();
    return begun(operation, call).then(
      (value) => {
        shared.probed(call, granted, endOf(start, call.clock.now()));
        return value;
      },
      (error) => {
        shared.probed(call, granted, faultOf(error, call));
        throw error;
      },
    );
  };
  const wantsContext = typeof options.store === 'function';
  const together = <T>(operation: Operation<T>, call: Call): Promise<T> => {
    if (wantsContext && call.context.functionName === undefined) {
      const message = `circuitBreaker(...): the \`store\` of '${name}' needs a context: call policy(operation, context).`;
      return Promise.reject(misconfigured(message));
    }
    const go = (admission: Admission): Promise<T> => {
      if (admission === 'through') return alone(operation, call);
      return 'probe' in admission ? probe(operation, call, admission.probe) : refused(call, admission.refusedFor);
    };
    /** After a wait for the store: nobody may want the call any more, and another one may be the probe. */
    const goIfWanted = (admission: Admission): Promise<T> => {
      if (!hasLeft(call)) return go(admission);
      if (typeof admission === 'object' && 'probe' in admission) shared.probed(call, admission.probe, 'neither');
      return Promise.reject(tooLate());
    };
    const admission = shared.admit(call);
    return isThenable(admission) ? Promise.resolve(admission).then(goIfWanted) : go(admission);
  };
  return breakerOf(together, () => (shared.isOpen ? 'open' : circuit.state));
}

function breakerOf(run: Run<never>, state: () => CircuitState): CircuitBreaker {
  return Object.defineProperty(policyOf([{ kind: 'circuitBreaker' }], run), 'state', { get: state }) as CircuitBreaker;
}

function windowOf({ failures, window }: CircuitBreakerOptions): Window {
  if (window === undefined) return new ConsecutiveWindow(failures ?? 5);
  if (failures !== undefined) {
    throw misconfigured('circuitBreaker(...): `failures` (consecutive) and `window` exclude each other: choose one.');
  }
  checkOptions('The window of circuitBreaker', window, ['calls', 'ms', 'failureRate', 'minimum']);
  if ('calls' in window && 'ms' in window) {
    throw misconfigured('circuitBreaker(...): `window.calls` and `window.ms` exclude each other: choose one.');
  }
  if ('calls' in window) return new CountedWindow(window as CountWindow);
  if ('ms' in window) return new TimedWindow(window as TimeWindow);
  throw misconfigured(`circuitBreaker(...): \`window\` must have \`calls\` or \`ms\`; got ${describe(window)}.`);
}

function sharedOf(
  options: CircuitBreakerOptions,
  openFor: number,
  probes: number,
  window: Window,
  circuit: OwnCircuit,
): Shared | undefined {
  const { name, store, window: time, quorum = 0.5, refresh = 2_000 } = options as Partial<SharedBreakerOptions>;
  if (store === undefined) {
    if (!('quorum' in options || 'refresh' in options)) return undefined;
    throw misconfigured('circuitBreaker(...): `quorum` and `refresh` need a `store` that instances share.');
  }
  if (typeof store !== 'function') {
    mustBe('function', store?.exchange, 'circuitBreaker(...): `store.exchange` (see memoryBreakerStore())');
  }
  if (!(time && 'ms' in time)) {
    throw misconfigured(`circuitBreaker(...): '${name}' has a \`store\`, so its \`window\` must have \`ms\`.`);
  }
  mustBeNumber(quorum, 'circuitBreaker(...): `quorum`', 0);
  if (quorum >= 1) throw misconfigured(`circuitBreaker(...): \`quorum\` must be below 1; got ${quorum}.`);
  mustBePositive(refresh, 'circuitBreaker(...): `refresh`');
  const { ms, failureRate = 0.5, minimum = 10 } = time;
  const rules = { window: ms, failureRate, minimum, quorum, openFor, probes };
  const storeOf = (call: Call): BreakerStore =>
    typeof store === 'function' ? store(call.context as unknown as Context) : store;
  return new Shared(String(name), storeOf, rules, refresh, window, circuit);
}
