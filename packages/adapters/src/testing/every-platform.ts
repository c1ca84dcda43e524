import { isDeepStrictEqual } from 'node:util';
import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { checkFunction, checkOptions, describe, misconfigured, wired } from '@tradewind/core/adapter';
import type { FakeEvent, FakeFor } from '@tradewind/core/testing';
import { checkFunctions } from '../shared/functions.js';
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
  /**
   * What every platform that can deliver the event agreed on; undefined where they differ. Platforms that all refuse an
   * event have no differences, so check this first.
   */
  readonly agreed: {
    /** As in a {@link PlatformReport}. */
    readonly outcome: string | undefined;
    /** The status of the response; undefined for a message. */
    readonly status: number | undefined;
    /** The body of the response: JSON's value, a text, or the bytes of what is no text; undefined for a message. */
    readonly body: unknown;
  };
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
 * const { agreed, differences } = await everyPlatform(ping, fakeHttp());
 * console.log(agreed.status, agreed.body, differences); // 200 'pong' []
 * ```
 */
export async function everyPlatform<F extends AnyFunction>(
  fn: F,
  event: FakeFor<F>,
  options: EveryPlatformOptions = {},
): Promise<EveryPlatform> {
  checkArguments(fn, event, options);
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
  const supported = Object.entries(platforms).filter(([, report]) => report.supported);
  return { agreed: agreedIn(supported.map(([, report]) => report)), platforms, differences: compare(supported) };
}

/** Checks what the types check, for users of JavaScript: an event of another kind would prove nothing. */
function checkArguments(fn: AnyFunction, event: unknown, options: unknown): void {
  checkFunctions('everyPlatform', ['http', 'queue', 'schedule', 'event'], [fn]);
  checkFunction(fn);
  checkOptions('everyPlatform', options, ['env', 'deliveryAttempt', 'wiring']);
  const { kind } = Object(event) as { readonly kind?: unknown };
  if (kind !== fn.trigger.kind) {
    throw misconfigured(
      `everyPlatform(...): '${fn.name}' needs a fake event of kind ${fn.trigger.kind}, such as fakeHttp() makes for http; got ${typeof kind === 'string' ? 'one of another kind' : describe(event)}.`,
    );
  }
}

function agreedIn(reports: readonly PlatformReport[]): EveryPlatform['agreed'] {
  const common = <T>(part: (report: PlatformReport) => T): T | undefined => {
    const [first, ...others] = reports.map(part);
    return others.every((other) => isSame(other, first)) ? first : undefined;
  };
  return {
    outcome: common(({ outcome }) => outcome),
    status: common(({ value }) => value?.status),
    body: common(({ value }) => value?.body),
  };
}

function compare(supported: readonly (readonly [string, PlatformReport])[]): string[] {
  const [reference, ...others] = supported;
  if (!reference) return [];
  const [firstName, first] = reference;
  return others.flatMap(([name, report]) => {
    if (report.outcome !== first.outcome) return [`outcome: ${firstName} ${first.outcome}, ${name} ${report.outcome}`];
    if (!isSame(report.data, first.data)) {
      return [`data: ${firstName} ${shown(first.data)}, ${name} ${shown(report.data)}`];
    }
    if (!first.value || !report.value) return [];
    const parts = ['status', 'headers', 'cookies', 'body'] as const;
    const [a, b] = [first.value, report.value];
    return parts
      .filter((part) => !isSame(a[part], b[part]))
      .map((part) => `${part}: ${firstName} ${shown(a[part])}, ${name} ${shown(b[part])}`);
  });
}

function shown(value: unknown): string {
  return ArrayBuffer.isView(value)
    ? `the bytes ${Buffer.from(value as Uint8Array).toString('hex')}`
    : JSON.stringify(value);
}

/** Compares copies, which are of one realm: in jest, a list that Node has made is of another than one of the test. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}
