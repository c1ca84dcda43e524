import { defineFunction, queue } from '@tradewind/core';
import { fakeMessage, invoke } from '@tradewind/core/testing';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { secretManager } from './secret-manager.js';

const fn = defineFunction.env(z.object({ KEY: z.string().optional() }));
const read = fn('f', queue({ queue: 'q' })).handle((_event, { env }) => env.KEY);
const NAME = 'projects/shop/secrets/pay/versions/latest';

test.each([
  ['bytes', { payload: { data: new TextEncoder().encode('ä-text') } }, 'ä-text'],
  ['a buffer', { payload: { data: Buffer.from('ä-text') } }, 'ä-text'],
  ['base64', { payload: { data: Buffer.from('ä-text').toString('base64') } }, 'ä-text'],
  ['nothing', { payload: { data: null } }, undefined],
  ['no payload', { payload: null }, undefined],
])('secretManager reads the text of %s', async (_what, version, text) => {
  const accessSecretVersion = vi.fn(async (_request: { name: string }) => [version, undefined] as const);
  const KEY = secretManager(() => ({ accessSecretVersion }), NAME);
  expect(await invoke(read, fakeMessage(1), { wiring: { env: { KEY } } })).toBe(text);
  expect(accessSecretVersion).toHaveBeenCalledExactlyOnceWith({ name: NAME });
});

test('secretManager quotes no invalid base64, and refuses an invalid ttl', async () => {
  const client = { accessSecretVersion: async () => [{ payload: { data: '%never-seen%' } }] as const };
  const wiring = { env: { KEY: secretManager(client, NAME) } };
  const error = await invoke(read, fakeMessage(1), { wiring }).catch((reason: unknown) => reason);
  expect(String(error)).toContain('KEY could not be fetched: InvalidCharacterError.');
  expect(String(error)).not.toContain('never-seen');
  expect(() => secretManager(client, NAME, { ttl: -1 })).toThrow('must be a number above 0');
});
