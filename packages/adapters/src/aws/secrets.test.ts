import { defineFunction, type EnvProvider, queue } from '@tradewind/core';
import { fakeMessage, invoke } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { parameterStore, secretsManager } from './index.js';

const read = (KEY: EnvProvider): Promise<unknown> =>
  invoke(
    defineFunction
      .env(z.object({ KEY: z.unknown().optional() }))('f', queue({ queue: 'q' }))
      .handle((_event, { env }) => env.KEY),
    fakeMessage(1),
    { wiring: { env: { KEY } } },
  );

describe('secretsManager', () => {
  const client = (secret: { SecretString?: string; SecretBinary?: Uint8Array }) => ({
    getSecretValue: vi.fn(async (_input: { SecretId: string }) => secret),
  });

  test('gives the text of a secret, of the client that a context is given', async () => {
    const secrets = client({ SecretString: 'a-text' });
    expect(await read(secretsManager(() => secrets, 'prod/pay'))).toBe('a-text');
    expect(secrets.getSecretValue).toHaveBeenCalledExactlyOnceWith({ SecretId: 'prod/pay' });
  });

  test('gives the bytes of one that has no text', async () => {
    const bytes = new Uint8Array([1, 2]);
    expect(await read(secretsManager(client({ SecretBinary: bytes }), 'prod/pay'))).toBe(bytes);
    expect(await read(secretsManager(client({}), 'prod/pay'))).toBe(undefined);
  });

  test('gives a member of a JSON secret, whatever it is', async () => {
    const secrets = client({ SecretString: '{"user":"me","port":5432,"__proto__":"own"}' });
    expect(await read(secretsManager(secrets, 'db', { field: 'user' }))).toBe('me');
    expect(await read(secretsManager(secrets, 'db', { field: 'port' }))).toBe(5432);
    expect(await read(secretsManager(secrets, 'db', { field: '__proto__' }))).toBe('own');
  });

  test.each([
    ['text', { SecretString: 'never-seen' }, 'is no JSON object'],
    ['broken JSON', { SecretString: '{"user":"never-seen"' }, 'is no JSON object'],
    ['a list', { SecretString: '["never-seen"]' }, 'is no JSON object'],
    ['null', { SecretString: 'null' }, 'is no JSON object'],
    ['bytes', { SecretBinary: new Uint8Array([1]) }, 'is no JSON object'],
    ['another object', { SecretString: '{"other":"never-seen"}' }, "has no member 'user'"],
  ])('says what is wrong with %s, and no value', async (_what, secret, fault) => {
    const reading = read(secretsManager(client(secret), 'prod/db', { field: 'user' }));
    const error = (await reading.catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(error.message).toContain(`KEY could not be fetched: The secret 'prod/db' ${fault}`);
    expect(`${error.stack} ${error.cause}`).not.toContain('never-seen');
  });

  test('has no member that every object has', async () => {
    const provider = secretsManager(client({ SecretString: '{}' }), 'db', { field: 'toString' });
    await expect(read(provider)).rejects.toThrow("has no member 'toString'");
  });
});

test('parameterStore gives a parameter, decrypted', async () => {
  const getParameter = vi.fn(async (_input: object): Promise<object> => ({ Parameter: { Value: 'a-text' } }));
  expect(await read(parameterStore({ getParameter }, '/prod/pay'))).toBe('a-text');
  expect(getParameter).toHaveBeenCalledExactlyOnceWith({ Name: '/prod/pay', WithDecryption: true });
  getParameter.mockResolvedValue({});
  expect(await read(parameterStore({ getParameter }, '/prod/pay'))).toBe(undefined);
});

test('each refuses a ttl that is none, when the function is wired', () => {
  const client = { getSecretValue: async () => ({}), getParameter: async () => ({}) };
  expect(() => secretsManager(client, 'a', { ttl: Number.NaN })).toThrow('must be a number above 0');
  expect(() => parameterStore(client, 'a', { ttl: 0 })).toThrow('must be a number above 0');
});
