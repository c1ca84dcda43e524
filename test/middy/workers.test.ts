import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../hosts/bundle.ts';
import { startWorkers, type WorkersHost } from '../hosts/workers-host.ts';

// workerd itself, with the parts of Node that @middy/core needs.
let host: WorkersHost;
beforeAll(async () => {
  host = await startWorkers(await bundle('test/middy/workers-app.ts', 'workers'), {}, undefined, {}, ['nodejs_compat']);
}, 60_000);
afterAll(() => host?.stop());

const ask = (body: string) =>
  host.fetch('/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'de', origin: 'https://shop.example' },
    body,
  });

test('six middy middlewares do the same on workerd as on Lambda', async () => {
  const response = await ask('{"id":"o-1"}');
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ seen: { id: 'o-1' }, parsed: { id: 'o-1' }, language: 'de' });
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(host.logs()).toContain('"rawPath":"/orders"');
});

test('the error handler answers what the handler throws, with CORS', async () => {
  const response = await ask('{}');
  expect([response.status, await response.text()]).toEqual([422, 'No id.']);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
});
