import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { defineFunction } from '../function/define.js';
import { http } from '../http/trigger.js';
import { queue } from '../messages/queue.js';
import { fakeHttp, fakeMessage, invoke } from '../testing/index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

const SCHEMAS = {
  zod: z.object({ URL: z.url(), LEVEL: z.enum(['low', 'high']), KEY: z.string() }),
  'zod/mini': mini.object({ URL: mini.url(), LEVEL: mini.enum(['low', 'high']), KEY: mini.string() }),
  valibot: v.object({ URL: v.pipe(v.string(), v.url()), LEVEL: v.picklist(['low', 'high']), KEY: v.string() }),
  arktype: type({ URL: 'string.url', LEVEL: "'low' | 'high'", KEY: 'string' }),
};

describe.each(Object.entries(SCHEMAS))('an environment by %s', (_name, schema) => {
  const fn = defineFunction
    .logger(quiet)
    .env(schema as (typeof SCHEMAS)['zod'])('f', queue({ queue: 'q' }))
    .handle((_event, { env }) => env.KEY);

  test('is there, typed', async () => {
    const env = { URL: 'https://a.example', LEVEL: 'low', KEY: 'k' };
    expect(await invoke(fn, fakeMessage(1), { env })).toBe('k');
  });

  test('names every invalid or missing variable, and quotes no value', async () => {
    const env = { URL: 'hunter2', LEVEL: 'hunter2', OTHER: 'hunter2' };
    const error = await invoke(fn, fakeMessage(1), { env }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'FunctionError', code: 'misconfigured' });
    const { message } = error as Error;
    expect(message).toContain('URL does not match its schema');
    expect(message).toContain('LEVEL does not match its schema');
    expect(message).toContain('KEY is missing');
    expect(message).not.toContain('hunter2');
  });
});

test('an environment is validated once, and again if it is another object', async () => {
  const validate = vi.fn((value: unknown) => ({ value: value as { A: string } }));
  const schema = { '~standard': { version: 1 as const, vendor: 'test', validate } };
  const fn = defineFunction
    .env(schema)('f', queue({ queue: 'q' }))
    .handle((_event, { env }) => env.A);
  const env = { A: '1' };
  for (let run = 0; run < 3; run++) expect(await invoke(fn, fakeMessage(1), { env })).toBe('1');
  expect(validate).toHaveBeenCalledTimes(1);
  expect(await invoke(fn, fakeMessage(1), { env: { A: '2' } })).toBe('2');
});

test('an environment may be validated asynchronously', async () => {
  const schema = z.object({ A: z.string() }).refine(async ({ A }) => A !== 'bad');
  const fn = defineFunction
    .logger(quiet)
    .env(schema)('f', queue({ queue: 'q' }))
    .handle((_event, { env }) => env.A);
  expect(await invoke(fn, fakeMessage(1), { env: { A: 'good' } })).toBe('good');
  await expect(invoke(fn, fakeMessage(1), { env: { A: 'bad' } })).rejects.toThrow(
    'the environment does not match its schema',
  );
});

test('an invalid environment is a 500 without details', async () => {
  const lines: unknown[] = [];
  const logger = { ...quiet, error: (...line: unknown[]) => lines.push(line) };
  const handler = vi.fn();
  const fn = defineFunction
    .env(z.object({ SECRET: z.string().min(20) }))
    .logger(logger)('f', http({ method: 'GET', path: '/' }))
    .handle(handler);
  const answer = await invoke(fn, fakeHttp(), { env: { SECRET: 'hunter2' } });
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer)).not.toMatch(/SECRET|hunter2/);
  expect(String((lines[0] as { error: Error }[])[1]?.error)).toContain('SECRET does not match its schema');
  expect(handler).not.toHaveBeenCalled();
});

test('without .env(...) the environment is empty', async () => {
  const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, { env }) => env);
  expect(await invoke(fn, fakeMessage(1), { env: { A: '1' } })).toEqual({});
});
