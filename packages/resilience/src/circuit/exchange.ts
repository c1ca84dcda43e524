import type { BreakerReport, BreakerRules, SharedState } from './store.js';

/** What is kept of a circuit. Times are the store's, in ms since the epoch. */
export interface BreakerRecord {
  readonly generation: number;
  readonly isOpen: boolean;
  /** When an open one lets calls try. */
  readonly until: number;
  /** Probes that have succeeded since then. */
  readonly succeeded: number;
  /** When each probe that is on its way counts as none. */
  readonly leases: ReadonlyMap<string, number>;
  /** What each instance has seen. */
  readonly reports: ReadonlyMap<string, { readonly calls: number; readonly failures: number; readonly at: number }>;
}

/** In ms: what may end sooner than it must is worth another look. */
const LOOK_AGAIN = 1_000;

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** One step: what a report makes of the record, and what the instance is told. */
export function exchanged(
  found: BreakerRecord | undefined,
  report: BreakerReport,
  rules: BreakerRules,
  now: number,
): { readonly record: BreakerRecord; readonly state: SharedState } {
  // Above every one before, also where the store has forgotten them.
  const before = found ?? { generation: now, isOpen: false, until: 0, succeeded: 0, leases: NONE, reports: NONE };
  let record = probed(before, report, rules, now);
  record = heard(record, report, rules, now);
  const { generation, isOpen } = record;
  if (!isOpen) return { record, state: { generation, isOpen, remaining: 0, granted: false } };
  const left = record.until - now;
  if (left > 0) return { record, state: { generation, isOpen, remaining: left, granted: false } };
  const leases = new Map([...record.leases].filter(([, end]) => end > now));
  const { ask } = report;
  if (ask !== undefined && (leases.has(ask) || leases.size + record.succeeded < rules.probes)) {
    if (!leases.has(ask)) leases.set(ask, now + rules.openFor);
    return { record: { ...record, leases }, state: { generation, isOpen, remaining: 0, granted: true } };
  }
  const isFull = leases.size + record.succeeded >= rules.probes;
  const remaining = isFull ? Math.min(LOOK_AGAIN, ...[...leases.values()].map((end) => end - now)) : 0;
  return { record: { ...record, leases }, state: { generation, isOpen, remaining, granted: false } };
}

/** How a probe ended: so many that succeeded close the circuit, one that failed opens it anew. */
function probed(record: BreakerRecord, { ended, generation }: BreakerReport, rules: BreakerRules, now: number) {
  const { isOpen, leases } = record;
  if (!ended || !isOpen || generation !== record.generation || !((leases.get(ended.id) ?? 0) > now)) return record;
  if (ended.end === 'failure') return turned(record, true, rules, now);
  const rest = new Map([...leases].filter(([id]) => id !== ended.id));
  const succeeded = record.succeeded + (ended.end === 'success' ? 1 : 0);
  return succeeded < rules.probes ? { ...record, leases: rest, succeeded } : turned(record, false, rules, now);
}

/** What an instance has seen of a closed circuit, which may be enough to open it. One that has seen nothing counts as one, too. */
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

/** Opens or closes it. Who the instances are is still known, and nothing of what they have seen. */
function turned(record: BreakerRecord, isOpen: boolean, { openFor }: BreakerRules, now: number): BreakerRecord {
  return {
    generation: Math.max(record.generation + 1, now),
    isOpen,
    until: isOpen ? now + openFor : 0,
    succeeded: 0,
    leases: NONE,
    reports: new Map([...record.reports].map(([instance, { at }]) => [instance, { calls: 0, failures: 0, at }])),
  };
}
