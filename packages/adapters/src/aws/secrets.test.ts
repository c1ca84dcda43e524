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

  test('reads the text of a secret, with the client for the context', async () => {
    const secrets = client({ SecretString: 'a-text' });
    expect(await read(secretsManager(() => secrets, 'prod/pay'))).toBe('a-text');
    expect(secrets.getSecretValue).toHaveBeenCalledExactlyOnceWith({ SecretId: 'prod/pay' });
  });

  test('reads the bytes of a secret without text', async () => {
    const bytes = new Uint8Array([1, 2]);
    expect(await read(secretsManager(client({ SecretBinary: bytes }), 'prod/pay'))).toBe(bytes);
    expect(await read(secretsManager(client({}), 'prod/pay'))).toBe(undefined);
  });

  test('reads a member of a JSON secret, of any type', async () => {
    const secrets = client({ SecretString: '{"user":"me","port":5432,"__proto__":"own"}' });
    expect(await read(secretsManager(secrets, 'db', { field: 'user' }))).toBe('me');
    expect(await read(secretsManager(secrets, 'db', { field: 'port' }))).toBe(5432);
    expect(await read(secretsManager(secrets, 'db', { field: '__proto__' }))).toBe('own');
  });

  test.each([
    ['text', { SecretString: 'never-seen' }, "the secret 'prod/db' must be a JSON object"],
    ['broken JSON', { SecretString: '{"user":"never-seen"' }, "the secret 'prod/db' must be a JSON object"],
    ['a list', { SecretString: '["never-seen"]' }, "the secret 'prod/db' must be a JSON object"],
    ['null', { SecretString: 'null' }, "the secret 'prod/db' must be a JSON object"],
    ['bytes', { SecretBinary: new Uint8Array([1]) }, "the secret 'prod/db' must be a JSON object"],
    [
      'another object',
      { SecretString: '{"other":"never-seen"}' },
      "`field` must be a member of the secret 'prod/db', which has no 'user'",
    ],
  ])('reports what is wrong with %s, without its value', async (_what, secret, fault) => {
    const reading = read(secretsManager(client(secret), 'prod/db', { field: 'user' }));
    const error = (await reading.catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(error.message).toContain(`KEY could not be fetched: secretsManager(...): ${fault}`);
    expect(`${error.stack} ${error.cause}`).not.toContain('never-seen');
  });

  test('does not read inherited members', async () => {
    const provider = secretsManager(client({ SecretString: '{}' }), 'db', { field: 'toString' });
    await expect(read(provider)).rejects.toThrow("which has no 'toString'");
  });
});

test('parameterStore reads a parameter, decrypted', async () => {
  const getParameter = vi.fn(async (_input: object): Promise<object> => ({ Parameter: { Value: 'a-text' } }));
  expect(await read(parameterStore({ getParameter }, '/prod/pay'))).toBe('a-text');
  expect(getParameter).toHaveBeenCalledExactlyOnceWith({ Name: '/prod/pay', WithDecryption: true });
  getParameter.mockResolvedValue({});
  expect(await read(parameterStore({ getParameter }, '/prod/pay'))).toBe(undefined);
});

test('each refuses an invalid ttl when the function is wired', () => {
  const client = { getSecretValue: async () => ({}), getParameter: async () => ({}) };
  expect(() => secretsManager(client, 'a', { ttl: Number.NaN })).toThrow('must be a number above 0');
  expect(() => parameterStore(client, 'a', { ttl: 0 })).toThrow('must be a number above 0');
});
