import { defineFunction, queue } from '@tradewind/core';
import { fakeMessage, invoke } from '@tradewind/core/testing';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { keyVault } from './key-vault.js';

const fn = defineFunction.env(z.object({ KEY: z.string().optional() }));
const read = fn('f', queue({ queue: 'q' })).handle((_event, { env }) => env.KEY);

test('keyVault reads the latest version of a secret', async () => {
  const getSecret = vi.fn(async (_name: string): Promise<{ value?: string }> => ({ value: 'a-text' }));
  const run = () => invoke(read, fakeMessage(1), { wiring: { env: { KEY: keyVault(() => ({ getSecret }), 'pay') } } });
  expect(await run()).toBe('a-text');
  expect(getSecret).toHaveBeenCalledExactlyOnceWith('pay');
  getSecret.mockResolvedValue({});
  expect(await run()).toBe(undefined);
  getSecret.mockRejectedValue(Object.assign(new Error('never-seen'), { name: 'RestError' }));
  await expect(run()).rejects.toThrow('KEY could not be fetched: RestError.');
});

test('keyVault refuses an invalid ttl', () => {
  expect(() => keyVault({ getSecret: async () => ({}) }, 'pay', { ttl: 0 })).toThrow('must be a number above 0');
});
