import type { ClaimAnswer, Outcome } from '@tradewind/idempotency';
import { isLinearizable, type Operation } from '../linearizable.ts';

/** A worker's options. Times are in ms. */
export interface WorkerOptions {
  readonly name: string;
  readonly redis: { port?: number; sentinels?: { host: string; port: number }[]; name?: string };
  readonly keys: readonly string[];
  /** How many deliveries of each key run concurrently. */
  readonly calls: number;
  readonly handlerMs: number;
  readonly lease: number;
  readonly clockOffset: number;
  readonly replicas: number;
  /** The share of handler runs that fail, from 0 to 1. */
  readonly failing: number;
  readonly outcome: 'small' | 'large' | 'cyclic';
}

/** What a worker writes down. Times are of the machine's one clock, in ms. */
export type Line =
  | {
      readonly type: 'asked';
      readonly id: string;
      readonly start: number;
      readonly op: Operation['op'];
      readonly key: string;
      readonly owner: string;
      readonly lease?: number;
      readonly outcome?: Outcome;
    }
  | { readonly type: 'answered'; readonly id: string; readonly end: number; readonly answer: ClaimAnswer | boolean }
  | { readonly type: 'began' | 'did'; readonly key: string; readonly at: number }
  /** The value is undefined if its own run returned it and the store did not get it: it is no replay. */
  | { readonly type: 'acked'; readonly key: string; readonly value?: string };

/** The result for a history. */
export interface Verdict {
  readonly executions: number;
  readonly takeovers: number;
  readonly violations: readonly string[];
}

/** Checks what the workers wrote down against the invariants. */
export function judge(lines: readonly Line[], keys: readonly string[]): Verdict {
  const operations = new Map<string, Operation & { readonly key: string }>();
  for (const line of lines) {
    if (line.type === 'asked') {
      const { type: _, id, ...rest } = line;
      operations.set(id, { ...rest, end: Number.POSITIVE_INFINITY });
    } else if (line.type === 'answered') {
      const { id, end, answer } = line;
      const asked = operations.get(id);
      if (asked) operations.set(id, { ...asked, end, answer });
    }
  }
  const violations: string[] = [];
  const byStoreKey = Map.groupBy(operations.values(), ({ key }) => key);
  let takeovers = 0;
  for (const history of byStoreKey.values()) {
    const owners = new Set<string>();
    for (const { answer, owner } of history) {
      if (typeof answer === 'object' && answer.state === 'granted' && answer.takeover) owners.add(owner);
    }
    takeovers += owners.size;
    if (!isLinearizable(history)) violations.push('I1 to I5: no order of its operations explains the answers');
  }
  for (const key of keys) {
    const acked = lines.flatMap((line) => (line.type === 'acked' && line.key === key ? [line.value] : []));
    const did = lines.filter((line) => line.type === 'did' && line.key === key).length;
    if (acked.length === 0) violations.push('I6: a key is stuck, or I7: a message is lost');
    if (acked.length > 0 && did === 0) violations.push('I7: it was acked but never done');
    if (new Set(acked.filter((value) => value !== undefined)).size > 1)
      violations.push('I2: two different outcomes of one key');
  }
  const executions = lines.filter(({ type }) => type === 'began').length;
  return { executions, takeovers, violations };
}
