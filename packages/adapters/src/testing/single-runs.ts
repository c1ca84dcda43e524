import {
  type AnyFunction,
  type CloudEvent,
  type EventTrigger,
  type ScheduleTrigger,
  systemClock,
} from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { lambda } from '../lambda/index.js';
import { lastDue } from '../shared/cron.js';
import { onAzure, toEventGrid, toTimer } from './azure.js';
import { onGcf, toCloudEvent, toPublished } from './gcf.js';
import { toEventBridge } from './lambda.js';
import { post } from './node.js';
import { fromWire, lambdaContext, onWorkers, withEnv, workersContext } from './pretend.js';
import type { PlatformReport, Run, Runs } from './report.js';

/** Passes the event as a platform does. Rejects if the invocation fails. */
type HandOver = (fn: AnyFunction) => Promise<unknown>;

/** Runs a fake event of a bus on each platform, in that platform's format. */
export function eventRuns(plain: AnyFunction, event: CloudEvent): Runs {
  const { type } = plain.trigger as EventTrigger;
  return {
    lambda: single(plain, (fn) => lambda(fn as never)(fromWire(toEventBridge(event, type, false)), lambdaContext())),
    azure: single(plain, (fn) => onAzure(fn)(fromWire(toEventGrid(event, type)))),
    gcf: single(plain, (fn) => onGcf(fn).run(fromWire(toCloudEvent(event, type)))),
    node: single(plain, (fn) =>
      posted(fn, toCloudEvent(event, type), [['content-type', 'application/cloudevents+json']]),
    ),
  };
}

/** Runs a schedule on each platform, for the last time at which it was due at the time of the fake. */
export function scheduleRuns(plain: AnyFunction, fake: CloudEvent): Runs {
  const { cron } = plain.trigger as ScheduleTrigger;
  const time = lastDue(cron, Date.parse(fake.time ?? '') || 0);
  const due: CloudEvent = { ...fake, time };
  const at = Date.parse(time);
  // Azure does not pass the time at which a timer was due.
  const timed = (fn: AnyFunction): AnyFunction => ({
    ...fn,
    settings: { ...fn.settings, clock: { ...systemClock, now: () => at } },
  });
  const run = { cron, scheduledTime: at, noRetry() {} };
  return {
    lambda: single(plain, (fn) => lambda(fn as never)(fromWire(toEventBridge(due, '', true)), lambdaContext())),
    azure: single(plain, (fn) => onAzure(timed(fn))(toTimer(time))),
    gcf: single(plain, (fn) => onGcf(fn).run(toPublished({ ...due, data: '' }, 1))),
    cloudflare: async (options) =>
      single(plain, (fn) => onWorkers(fn).scheduled(run, options.env, workersContext()))(options),
    node: single(plain, (fn) => posted(fn, {}, [['x-cloudscheduler-scheduletime', time]])),
  };
}

async function posted(fn: AnyFunction, body: object, headers: [string, string][]): Promise<number> {
  const status = await post(fn, body, headers);
  if (status > 299) throw new Error(String(status));
  return status;
}

/** For a platform that knows only success and failure. */
function single(plain: AnyFunction, handOver: HandOver): Run {
  return ({ env, wiring }) =>
    withEnv(env, async (): Promise<PlatformReport> => {
      const { fn, seen } = watched(plain);
      let outcome = 'ack';
      let native: unknown;
      try {
        native = await handOver(wired(fn, wiring));
      } catch (error) {
        outcome = 'retry';
        native = error;
      }
      return { supported: true, outcome, value: undefined, data: seen[0], native };
    });
}

/** The function, and what is compared: the data of an event, or the time of a schedule. */
function watched(plain: AnyFunction): { readonly fn: AnyFunction; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const run: AnyFunction['run'] = (event, context) => {
    const { data, time } = event as CloudEvent;
    seen.push(plain.trigger.kind === 'schedule' ? new Date(time ?? '').toISOString() : data);
    return plain.run(event, context);
  };
  return { fn: { ...plain, run }, seen };
}
