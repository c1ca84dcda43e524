import type { BreakerReport, BreakerRules, SharedState } from './store.js';

/** The stored state of a circuit. Times are in ms since the epoch, by the store's clock. */
export interface BreakerRecord {
  readonly generation: number;
  readonly isOpen: boolean;
  /** When an open circuit lets probes through. */
  readonly until: number;
  /** The probes that have succeeded since it opened; their ids, so that a report that arrives twice counts once. */
  readonly succeeded: ReadonlySet<string>;
  /** When the lease of each running probe ends; then it makes room for another one. */
  readonly leases: ReadonlyMap<string, number>;
  /** The latest report of each instance. */
  readonly reports: ReadonlyMap<string, { readonly calls: number; readonly failures: number; readonly at: number }>;
}

/** In ms: a probe may end before its lease, so it is worth asking again after this time. */
const LOOK_AGAIN = 1_000;

const NONE: ReadonlyMap<string, never> = new Map<string, never>();
const NOBODY: ReadonlySet<string> = new Set<string>();

/** One step: applies a report to the record, and returns the new record and the answer to the instance. */
export function exchanged(
  found: BreakerRecord | undefined,
  report: BreakerReport,
  rules: BreakerRules,
  now: number,
): { readonly record: BreakerRecord; readonly state: SharedState } {
  // Above every earlier generation, even if the store has forgotten them.
  const before = found ?? { generation: now, isOpen: false, until: 0, succeeded: NOBODY, leases: NONE, reports: NONE };
  let record = probed(before, report, rules, now);
  record = heard(record, report, rules, now);
  const { generation, isOpen } = record;
  if (!isOpen) return { record, state: { generation, isOpen, remaining: 0, granted: false } };
  const left = record.until - now;
  if (left > 0) return { record, state: { generation, isOpen, remaining: left, granted: false } };
  const leases = new Map([...record.leases].filter(([, end]) => end > now));
  const { ask } = report;
  if (ask !== undefined && (leases.has(ask) || leases.size + record.succeeded.size < rules.probes)) {
    if (!leases.has(ask)) leases.set(ask, now + rules.openFor);
    return { record: { ...record, leases }, state: { generation, isOpen, remaining: 0, granted: true } };
  }
  const isFull = leases.size + record.succeeded.size >= rules.probes;
  const remaining = isFull ? Math.min(LOOK_AGAIN, ...[...leases.values()].map((end) => end - now)) : 0;
  return { record: { ...record, leases }, state: { generation, isOpen, remaining, granted: false } };
}

/**
 * Applies the end of a probe: enough successes close the circuit, a failure opens it again. A success counts after its
 * lease too: otherwise a service that needs longer would never be found to work again.
 */
function probed(record: BreakerRecord, { ended, generation }: BreakerReport, rules: BreakerRules, now: number) {
  const { isOpen } = record;
  if (!ended || !isOpen || generation !== record.generation) return record;
  const isInTime = (record.leases.get(ended.id) ?? 0) > now;
  if (ended.end === 'failure' && isInTime) return turned(record, true, rules, now);
  const leases = new Map([...record.leases].filter(([id]) => id !== ended.id));
  if (ended.end !== 'success') return { ...record, leases };
  const succeeded = new Set([...record.succeeded, ended.id]);
  return succeeded.size < rules.probes ? { ...record, leases, succeeded } : turned(record, false, rules, now);
}

/**
 * Applies an instance's report on a closed circuit, which may open it. An instance without calls counts as an instance
 * too.
 */
function heard(record: BreakerRecord, report: BreakerReport, rules: BreakerRules, now: number): BreakerRecord {
  const { instance, generation, calls, failures } = report;
  const isCurrent = !record.isOpen && (generation === record.generation || generation === 0);
  const reports = new Map([...record.reports].filter(([, { at }]) => at > now - rules.window));
  reports.set(instance, isCurrent ? { calls, failures, at: now } : { calls: 0, failures: 0, at: now });
  const all = [...reports.values()];
  const sum = (of: 'calls' | 'failures'): number => all.reduce((total, one) => total + one[of], 0);
  const failing = all.filter((one) => one.calls > 0 && one.failures >= rules.failureRate * one.calls).length;
  const isOver =
    failing >= Math.min(all.length, Math.floor(rules.quorum * all.length) + 1) &&
    sum('calls') >= rules.minimum &&
    sum('failures') >= rules.failureRate * sum('calls');
  return isOver ? turned({ ...record, reports }, true, rules, now) : { ...record, reports };
}

/** Opens or closes the circuit. The instances stay known, and their counts are reset. */
function turned(record: BreakerRecord, isOpen: boolean, { openFor }: BreakerRules, now: number): BreakerRecord {
  return {
    generation: Math.max(record.generation + 1, now),
    isOpen,
    until: isOpen ? now + openFor : 0,
    succeeded: NOBODY,
    leases: NONE,
    reports: new Map([...record.reports].map(([instance, { at }]) => [instance, { calls: 0, failures: 0, at }])),
  };
}
