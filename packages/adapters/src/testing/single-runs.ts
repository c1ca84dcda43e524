import type { AnyFunction, CloudEvent, EventTrigger, ScheduleTrigger } from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { lambda } from '../lambda/index.js';
import { toEventBridge } from './lambda.js';
import { fromWire, lambdaContext, onWorkers, withEnv, workersContext } from './pretend.js';
import { type PlatformName, type PlatformReport, type Run, unsupported } from './report.js';

/** A fake event of a bus, or a time of a schedule, as each platform would hand it over. */
export function singleRuns(plain: AnyFunction, event: CloudEvent): Record<PlatformName, Run> {
  const { kind } = plain.trigger;
  const { type = 'Scheduled Event' } = plain.trigger as Partial<EventTrigger<unknown, unknown>>;
  const onLambda: Run = ({ env, wiring }) =>
    withEnv(env, async () => {
      const { fn, seen } = watched(plain);
      const native = toEventBridge(event, type, kind === 'schedule');
      return settled(lambda(wired(fn, wiring) as never)(fromWire(native), lambdaContext()), seen);
    });
  const onCron: Run = async ({ env, wiring }) => {
    const { fn, seen } = watched(plain);
    const { cron } = plain.trigger as unknown as ScheduleTrigger;
    const controller = { cron, scheduledTime: Date.parse(event.time ?? '') || 0, noRetry() {} };
    return settled(onWorkers(wired(fn, wiring)).scheduled(controller, env, workersContext()), seen);
  };
  return {
    lambda: onLambda,
    'lambda:rest-api': unsupported,
    'lambda:alb': unsupported,
    'lambda:alb-multi-value': unsupported,
    node: unsupported,
    cloudflare: kind === 'schedule' ? onCron : unsupported,
  };
}

/** Success and failure are all that such a platform knows. */
async function settled(run: Promise<unknown>, seen: readonly unknown[]): Promise<PlatformReport> {
  let outcome = 'ack';
  let native: unknown;
  try {
    native = await run;
  } catch (error) {
    outcome = 'retry';
    native = error;
  }
  return { supported: true, outcome, value: undefined, data: seen[0], native };
}

/** The function, and what its schema gets: the data of an event, the time of a schedule. */
function watched(plain: AnyFunction): { readonly fn: AnyFunction; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const run: AnyFunction['run'] = (event, context) => {
    const { data, time } = event as CloudEvent;
    seen.push(plain.trigger.kind === 'schedule' ? new Date(time ?? '').toISOString() : data);
    return plain.run(event, context);
  };
  return { fn: { ...plain, run }, seen };
}
