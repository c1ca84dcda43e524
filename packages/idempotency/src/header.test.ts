import { defineFunction, http, json, queue } from '@tradewind/core';
import { fakeHttp, fakeMessage, invoke } from '@tradewind/core/testing';
import { expect, test } from 'vitest';
import { idempotency, idempotencyKeyHeader, memoryStore } from './index.js';

const over = (header: string | undefined, strict = false, store = memoryStore()) => {
  const fn = defineFunction('pay', http({ method: 'POST', path: '/payments' }))
    .use(idempotency({ store, key: idempotencyKeyHeader({ strict }), scope: 'global' }))
    .handle(() => json(200, 1));
  return invoke(fn, fakeHttp({ body: 1, headers: header === undefined ? {} : { 'idempotency-key': header } }));
};
const quoted = ['"a"', ' "a" ', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '"a \\" \\\\ b"', `"${'a'.repeat(255)}"`];
const bare = ['8e03978e-40d5-43dd-bc93-6894a57f9324', 'a_b:c.d/e+f=', "'a'", ' a ', 'a'.repeat(255)];
const invalid = ['', '""', '"a', 'a"', 'é', '"é"', '"a\\x"', '"a", "b"', '"a", "a"', 'a, b', 'a,b', 'a b', '"a" "b"'];
const long = [`"${'a'.repeat(256)}"`, 'a'.repeat(256), '"a";p=1', 'a"b'];

test.each([...quoted, ...bare])('%s is valid', async (header) => {
  expect((await over(header)).status).toBe(200);
});
test.each([...invalid, ...long])('%s is invalid', async (header) => {
  const { status, body } = await over(header);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(
    'a string in double quotes, or one without a space, a comma or a quote, of 1 to 255 ASCII characters, once',
  );
});
test.each(quoted)('%s is valid with `strict`', async (header) => {
  expect((await over(header, true)).status).toBe(200);
});
test.each([...bare, ...invalid, ...long])('%s is invalid with `strict`', async (header) => {
  const { status, body } = await over(header, true);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain('a string in double quotes of 1 to 255 ASCII characters, once');
});
test.each([
  ['"abc"', 'abc'],
  ['abc', '"abc"'],
])('%s and %s are the same key', async (first, second) => {
  const store = memoryStore();
  expect((await over(first, false, store)).headers['idempotency-replayed']).toBeUndefined();
  expect((await over(second, false, store)).headers['idempotency-replayed']).toBe('true');
});
test('accepts what `context.idempotency.key` sends to the next service', async () => {
  let key = '';
  const fn = defineFunction('charge', queue({ queue: 'orders' }))
    .use(idempotency({ store: memoryStore() }))
    .handle((_event, context) => {
      key = context.idempotency.key;
    });
  await invoke(fn, fakeMessage(1));
  expect((await over(key)).status).toBe(200);
});
test('gives a 400 if it is missing', async () => {
  expect(await over(undefined)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('The header Idempotency-Key is missing') },
  });
});
