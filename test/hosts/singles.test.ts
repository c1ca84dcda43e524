/** Events and schedules on the real runtimes: an invocation fails exactly if its event is not done. */
import { describe, expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { startLambda, whyNotLambda } from './lambda-host.ts';
import { startWorkers } from './workers-host.ts';

const bridge = (type: string, more: object): object => ({
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': type,
  source: 'aws.events',
  account: '123456789012',
  time: '2026-01-01T03:30:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {},
  ...more,
});

describe.skipIf(whyNotLambda())('on the real Lambda client', () => {
  test.each([
    ['schedule', 'Scheduled Event', [{}, { time: '2026-01-02T03:30:00Z' }, { time: '2026-01-03T03:30:00Z' }]],
    ['event', 'order.shipped', [{}, { detail: { does: 'throw' } }, { detail: { does: 'poison' } }]],
  ])('%s', async (kind, type, [good = {}, throws = {}, poison = {}]) => {
    const host = await startLambda(await bundle(`test/hosts/apps/lambda-${kind}.ts`, 'node'));
    try {
      expect(await host.invoke(bridge(type, good))).toMatchObject({ kind: 'answered' });
      expect(await host.invoke(bridge(type, throws))).toMatchObject({
        kind: 'failed',
        error: { errorMessage: 'it does not work' },
      });
      expect(await host.invoke(bridge(type, poison))).toMatchObject({ kind: 'failed' });
      expect(await host.invoke(bridge('something else', good))).toMatchObject({
        kind: 'failed',
        error: { errorType: 'FunctionError' },
      });
      expect(await host.invoke(bridge(type, good))).toMatchObject({ kind: 'answered' });
    } finally {
      await host.stop();
    }
  });
});

test('a cron trigger on workerd', async () => {
  const host = await startWorkers(await bundle('test/hosts/apps/workers-schedule.ts', 'workers'));
  const at = (day: string, cron = '30 3 * * MON-FRI') => host.scheduled(cron, new Date(`2026-01-${day}T03:30:00Z`));
  try {
    expect(await at('01')).toEqual({ outcome: 'ok', noRetry: false });
    expect(await at('02')).toEqual({ outcome: 'exception', noRetry: false });
    expect(await at('03')).toEqual({ outcome: 'exception', noRetry: true });
    expect(await at('01', '0 0 * * *')).toMatchObject({ outcome: 'exception' });
  } finally {
    await host.stop();
  }
});
