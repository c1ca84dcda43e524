import { isDeepStrictEqual } from 'node:util';
import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { checkOptions, wired } from '@tradewind/core/adapter';
import type { FakeEvent, FakeFor } from '@tradewind/core/testing';
import { checked, httpRuns } from './http-runs.js';
import { queueRuns } from './queue-runs.js';
import {
  type EveryPlatformOptions,
  failed,
  PLATFORMS,
  type PlatformName,
  type PlatformReport,
  type Runs,
  unsupported,
} from './report.js';
import { eventRuns, scheduleRuns } from './single-runs.js';

/** How an event ended on every platform. */
export interface EveryPlatform {
  readonly platforms: Readonly<Record<PlatformName, PlatformReport>>;
  /** A description of each difference between platforms; empty if they agree. */
  readonly differences: readonly string[];
}

/**
 * Runs a function with a fake event through every adapter, each with the event that its platform would send.
 *
 * The adapters run in this process; Tradewind's own tests compare them with the real runtimes. Responses are checked
 * against the trigger's `response` schema: a mismatch rejects.
 *
 * @example
 * ```ts
 * import { everyPlatform } from '@tradewind/adapters/testing';
 * import { defineFunction, http } from '@tradewind/core';
 * import { fakeHttp } from '@tradewind/core/testing';
 *
 * const ping = defineFunction('ping', http({ method: 'GET', path: '/ping' })).handle(() => 'pong');
 * const { differences } = await everyPlatform(ping, fakeHttp());
 * console.log(differences); // []
 * ```
 */
export async function everyPlatform<F extends AnyFunction>(
  fn: F,
  event: FakeFor<F>,
  options: EveryPlatformOptions = {},
): Promise<EveryPlatform> {
  checkOptions('everyPlatform', options, ['env', 'deliveryAttempt', 'wiring']);
  const { env = {}, deliveryAttempt = 1, wiring = {} } = options;
  const fake = event as FakeEvent<'http', unknown> | FakeEvent<'queue' | 'schedule' | 'event', unknown>;
  const faults: unknown[] = [];
  const runs: Runs =
    fake.kind === 'http'
      ? await httpRuns(wired(checked(fn, faults), wiring), fake)
      : fake.kind === 'queue'
        ? queueRuns(fn, fake.messages)
        : (fake.kind === 'event' ? eventRuns : scheduleRuns)(fn, fake.messages[0] as CloudEvent);
  const platforms = {} as Record<PlatformName, PlatformReport>;
  for (const name of PLATFORMS) {
    const run = runs[name] ?? unsupported;
    platforms[name] = await run({ env, deliveryAttempt, wiring }).catch(failed);
    if (faults.length > 0) throw faults[0];
  }
  return { platforms, differences: compare(platforms) };
}

function compare(platforms: Readonly<Record<PlatformName, PlatformReport>>): string[] {
  const supported = Object.entries(platforms).filter(([, report]) => report.supported);
  const [reference, ...others] = supported;
  if (!reference) return [];
  const [firstName, first] = reference;
  return others.flatMap(([name, report]) => {
    if (report.outcome !== first.outcome) return [`outcome: ${firstName} ${first.outcome}, ${name} ${report.outcome}`];
    if (!isDeepStrictEqual(report.data, first.data)) {
      return [`data: ${firstName} ${JSON.stringify(first.data)}, ${name} ${JSON.stringify(report.data)}`];
    }
    if (!first.value || !report.value) return [];
    const parts = ['status', 'headers', 'cookies', 'body'] as const;
    const [a, b] = [first.value, report.value];
    return parts
      .filter((part) => !isDeepStrictEqual(a[part], b[part]))
      .map((part) => `${part}: ${firstName} ${JSON.stringify(a[part])}, ${name} ${JSON.stringify(b[part])}`);
  });
}
