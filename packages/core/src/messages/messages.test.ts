import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { checkFunction } from '../function/check.js';
import { defineFunction, type Trigger } from '../function/define.js';
import { fakeMessage, fakeRaw, invoke } from '../testing/index.js';
import { dataFromText } from './data.js';
import { event } from './event-trigger.js';
import { queue } from './queue.js';
import { schedule } from './schedule.js';

/** Checks a function with the trigger. */
const check = (trigger: Trigger): void => checkFunction(defineFunction('f', trigger).handle(() => {}));

describe('the data in a text', () => {
  test.each([
    ['{"a":1}', { a: 1 }],
    [' [1]', [1]],
    ['"7"', '7'],
    ['89e7073266', '89e7073266'],
    ['12345678901234567890', '12345678901234567890'],
    ['7', '7'],
    ['true', 'true'],
    ['null', 'null'],
    ['', ''],
    ['{no JSON}', '{no JSON}'],
    ['text', 'text'],
  ])('%j', (text, data) => {
    expect(dataFromText(text)).toEqual(data);
  });

  test('nested too deeply to be serialised is refused', () => {
    const nested = (levels: number, inner = ''): string => '['.repeat(levels) + inner + ']'.repeat(levels);
    expect(() => dataFromText(nested(1_001))).toThrow('JSON with more than 1000 levels is not accepted.');
    expect(() => dataFromText(`${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}`)).toThrow('1000 levels');
    expect(JSON.stringify(dataFromText(nested(1_000)))).toBe(nested(1_000));
    const brackets = nested(999, JSON.stringify(`\\" ${'[{'.repeat(2_000)}`));
    expect(JSON.stringify(dataFromText(brackets))).toBe(brackets);
  });

  test('with a __proto__ key is refused', () => {
    expect(() => dataFromText('{"__proto__":{}}')).toThrow("'__proto__' key");
  });
});

const SCHEMAS = {
  zod: z.object({ id: z.string() }),
  'zod/mini': mini.object({ id: mini.string() }),
  valibot: v.object({ id: v.string() }),
  arktype: type({ id: 'string' }),
};

describe.each(Object.entries(SCHEMAS))('a message by %s', (_name, schema) => {
  const fn = defineFunction('f', queue({ queue: 'q', data: schema as (typeof SCHEMAS)['zod'] })).handle(
    ({ data }) => data.id,
  );

  test('has typed data', async () => {
    expect(await invoke(fn, fakeMessage({ id: '1' }))).toBe('1');
  });

  test('that does not match its schema fails, with the path', async () => {
    await expect(invoke(fn, fakeRaw('queue', { id: 7 }))).rejects.toThrow(
      'Message fake-1 does not match its schema: data.id',
    );
  });
});

test('a message keeps everything else of its event', async () => {
  const fn = defineFunction('f', queue({ queue: 'q', data: z.coerce.number() })).handle((event) => event);
  const message = fakeMessage('7' as never, { id: 'm', source: '/s', type: 't', extensions: { group: 'g' } });
  expect(await invoke(fn, message)).toEqual({
    id: 'm',
    source: '/s',
    type: 't',
    time: '1970-01-01T00:00:00Z',
    extensions: { group: 'g' },
    data: 7,
  });
});

test('a trigger without its name is refused', () => {
  expect(() => queue(undefined as never)).toThrow('Cannot destructure property');
  expect(() => check(queue({} as never))).toThrow('queue(...): `queue` must be a string; got undefined.');
  expect(() => check(event({} as never))).toThrow('event(...): `type` must be a string; got undefined.');
  expect(() => schedule({} as never)).toThrow('schedule(...): `cron` must be a string; got undefined.');
});

test.each<[string, (options: never) => Trigger, object]>([
  ['queue', queue, { queue: 'q', concurency: 1 }],
  ['event', event, { type: 't', date: {} }],
  ['schedule', schedule, { cron: '0 0 * * *', zone: 'UTC' }],
])('an unknown option of %s is refused', (name, trigger, options) => {
  expect(() => check(trigger(options as never))).toThrow(`${name}(...): unknown option '${Object.keys(options)[1]}'.`);
});

test.each(['31 2', '30 FEB', '31 4,6,9,11', '31 2-2', '30,31 2', '31 4/7', '30-31/1 2'])(
  'a schedule that never comes is none: 0 0 %s *',
  (days) => {
    expect(() => schedule({ cron: `0 0 ${days} *` })).toThrow('none of its months has such a day of the month');
  },
);
test.each([
  '29 2',
  '31 1',
  '31 2,3',
  '31 FEB-MAR',
  '30,1 2',
  '31 */2',
  '28-31 2',
  '*/31 2',
  '31 4/3',
  '31 JUN-AUG',
  '5/10 2',
])('a schedule that runs at least once is accepted: 0 0 %s *', (days) => {
  expect(schedule({ cron: `0 0 ${days} *` }).cron).toBe(`0 0 ${days} *`);
});
