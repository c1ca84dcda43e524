import { generateKeyPairSync, sign } from 'node:crypto';
import { defineFunction, http, queue } from '@tradewind/core';
import { OAuth2Client } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type NodeServer, node } from '../node/index.js';
import { googleOidc } from './index.js';

const google = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const audience = 'https://orders.example.com/charge';
const email = 'pusher@my-project.iam.gserviceaccount.com';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims: object = {}, key = google.privateKey, header: object = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const all = {
    iss: 'https://accounts.google.com',
    aud: audience,
    email,
    email_verified: true,
    sub: '1',
    iat: now,
    exp: now + 3_600,
  };
  const text = `${part({ alg: 'RS256', kid: 'k', typ: 'JWT', ...header })}.${part({ ...all, ...claims })}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

/** Google's own client, with keys of the test instead of Google's. */
function clientOf(fetch: () => Promise<unknown>): OAuth2Client {
  const client = new OAuth2Client();
  vi.spyOn(client, 'getFederatedSignonCertsAsync').mockImplementation(fetch as never);
  return client;
}
const certs = async () => ({ certs: { k: google.publicKey.export({ type: 'spki', format: 'pem' }) } });

const lines: unknown[][] = [];
const keep = (...line: unknown[]): void => void lines.push(line);
const define = defineFunction.logger({ debug: keep, info: keep, warn: keep, error: keep });
const handled = vi.fn();
const charge = define('charge', queue({ queue: 'orders' })).handle(handled);
const hello = define('hello', http({ method: 'GET', path: '/' })).handle(() => 'hello');

let server: NodeServer;
let fetched: () => Promise<unknown> = certs;
beforeEach(async () => {
  fetched = certs;
  lines.length = 0;
  handled.mockClear();
  const messages = googleOidc(
    clientOf(() => fetched()),
    { audience, email },
  );
  server = await node(hello, charge).listen({ port: 0, host: '127.0.0.1', messages });
});
afterEach(() => server.close());

async function push(authorization?: string): Promise<number> {
  const body = JSON.stringify({ message: { messageId: 'm', data: 'e30=' }, subscription: 's' });
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
  return (await fetch(`http://127.0.0.1:${server.port}/charge`, { method: 'POST', headers, body })).status;
}

test('a push with a token of the service account is a message', async () => {
  expect(await push(`Bearer ${token()}`)).toBe(204);
  expect(await push(`bearer ${token({ iss: 'accounts.google.com' })}`)).toBe(204);
  expect(handled).toHaveBeenCalledTimes(2);
});

const HOUR = 3_600;
const now = Math.floor(Date.now() / 1_000);
test.each<[string, string | undefined]>([
  ['no token', undefined],
  ['an empty one', 'Bearer '],
  ['another scheme', `Basic ${token()}`],
  ['no token at all', 'Bearer nonsense'],
  ['another key', `Bearer ${token({}, other.privateKey)}`],
  ['no signature', `Bearer ${token().replace(/[^.]*$/, '')}`],
  ['the algorithm none', `Bearer ${token({}, google.privateKey, { alg: 'none' }).replace(/[^.]*$/, '')}`],
  ['an unknown key', `Bearer ${token({}, google.privateKey, { kid: 'unknown' })}`],
  ['another issuer', `Bearer ${token({ iss: 'https://evil.example' })}`],
  ['another audience', `Bearer ${token({ aud: 'https://other.example' })}`],
  ['no audience', `Bearer ${token({ aud: undefined })}`],
  ['another account', `Bearer ${token({ email: 'mallory@evil.iam.gserviceaccount.com' })}`],
  ['no account', `Bearer ${token({ email: undefined })}`],
  ['an account that is not verified', `Bearer ${token({ email_verified: false })}`],
  ['an account that is verified only by the look of it', `Bearer ${token({ email_verified: 'true' })}`],
  ['a token that has expired', `Bearer ${token({ iat: now - 2 * HOUR, exp: now - HOUR })}`],
  ['a token of the future', `Bearer ${token({ iat: now + HOUR, exp: now + 2 * HOUR })}`],
])('a push is refused with %s', async (_what, authorization) => {
  expect(await push(authorization)).toBe(403);
  expect(handled).not.toHaveBeenCalled();
  const text = JSON.stringify(lines);
  expect(text).toContain('sender is not known');
  expect(text).not.toContain(authorization?.split(' ')[1]?.slice(0, 20) || 'never');
});

test('a push is to be sent again if the keys cannot be fetched, which is logged', async () => {
  fetched = () => Promise.reject(new Error('getaddrinfo ENOTFOUND'));
  expect(await push(`Bearer ${token()}`)).toBe(503);
  expect(handled).not.toHaveBeenCalled();
  expect(JSON.stringify(lines)).toContain('failed.');
});

describe('refuses at start-up', () => {
  test.each<[string, unknown, string]>([
    ['no audience', { email }, '`audience` must be a text'],
    ['an empty audience', { audience: '', email }, '`audience` must be a text'],
    ['no account', { audience }, '`email` must be a text'],
    ['an unknown option', { audience, email, issuer: 'x' }, "unknown option 'issuer'"],
    ['no options', undefined, 'must be an object'],
  ])('%s', (_what, options, message) => {
    expect(() => googleOidc(new OAuth2Client(), options as never)).toThrow(message);
  });
  test('no client', () => {
    expect(() => googleOidc(undefined as never, { audience, email })).toThrow('must be a function; got undefined');
  });
});
