import type { ExpectStatic } from 'vitest';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

const order = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});
const payment: RequestInit = {
  ...order('{"orderId":"o-1","qty":2}'),
  headers: { 'content-type': 'application/json', 'idempotency-key': '"p-1"' },
};
const form = new FormData();
form.set('a', '1');

/** Requests, with the expected status and body. The bodies of most errors are not checked here. */
const REQUESTS: readonly (readonly [path: string, init: RequestInit, status: number, body?: unknown])[] = [
  ['/orders/a%2Fb%20%C3%BC?q=1', order('{"orderId":"o-1","qty":2}'), 202, { id: 'o-1', for: 'a/b ü' }],
  ['/orders/ada', order('{"orderId":7}'), 400],
  ['/orders/ada', order('{'), 400],
  ['/orders/ada', { method: 'GET' }, 405],
  ['/nowhere', { method: 'GET' }, 404],
  ['/fails', { method: 'GET' }, 500, { status: 500, title: 'Internal Server Error', code: 'internal' }],
  ['/greet/ada', { method: 'GET' }, 200, 'hello ada'],
  ['/pay', payment, 201, { id: 'o-1', payment: 1 }],
  ['/pay', payment, 201, { id: 'o-1', payment: 1 }],
  ['/pay', { ...payment, body: '{"orderId":"o-2","qty":2}' }, 422],
  ['/upload', { method: 'POST', body: form }, 200, { form: ['a'] }],
  ['/upload', { method: 'POST', body: new URLSearchParams('a=1&a=2') }, 200, { body: { a: ['1', '2'] } }],
  ['/upload', { method: 'POST', body: new Uint8Array([0, 255]) }, 200, { bytes: 2 }],
  ['/upload', { method: 'POST', body: new Uint8Array(2_000_000) }, 413],
];

/** Sends the requests, and expects the same responses from every server. */
export async function holdAnswers(fetch: Fetch, expect: ExpectStatic): Promise<void> {
  for (const [path, init, status, body] of REQUESTS) {
    const response = await fetch(path, init);
    const value = await response.json();
    expect([path, response.status]).toEqual([path, status]);
    if (body === undefined) expect(value).toMatchObject({ status });
    else expect(value).toEqual(body);
    expect(response.headers.get('content-type')).toBe(status < 400 ? 'application/json' : 'application/problem+json');
    expect(response.headers.getSetCookie()).toEqual(status === 202 ? ['seen=1; Path=/', 'last=o-1; HttpOnly'] : []);
  }
  const reader = (await fetch('/streams?waits')).body!.getReader();
  const first = await reader.read();
  expect(new TextDecoder().decode(first.value)).toBe('one ');
  await reader.cancel();
  expect(await (await fetch('/streams')).text()).toBe('one two three');
}

/** A body that breaks off must not look complete. */
export async function holdBreak(fetch: Fetch, expect: ExpectStatic): Promise<void> {
  await expect(fetch('/breaks').then((response) => response.text())).rejects.toThrow();
}
