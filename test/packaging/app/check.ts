/**
 * A user's own test of the functions, for any runtime. It fails with an error, or prints the runtime that it ran on.
 */
import { lambda } from '@tradewind/adapters/lambda/queue';
import { everyPlatform } from '@tradewind/adapters/testing';
import { deliver, fakeHttp, fakeMessage, fakeRaw, invoke } from '@tradewind/core/testing';
import { circuitBreaker, compose, fallback, isRefused, retry, timeout } from '@tradewind/resilience';
import { charge, fails, greet, pay, payOnce, placeOrder, upload } from './functions.js';
import { args, running } from './runtime.js';

function same(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}.`);
}

const [expected = ''] = args;
same('The runtime', running.slice(0, expected.length), expected);

const good = fakeHttp({ params: { customer: 'a/b ü' }, body: { orderId: 'o-1', qty: 2 } });
const bad = fakeRaw('http', { params: { customer: 'ada' }, body: { orderId: 7 } });
same('invoke', (await invoke(placeOrder, good)).body, { id: 'o-1', for: 'a/b ü' });

const form = new FormData();
form.set('a', '1');
const requests = {
  good: await everyPlatform(placeOrder, good),
  bad: await everyPlatform(placeOrder, bad),
  env: await everyPlatform(greet, fakeHttp({ params: { name: 'ada' } }), { env: { GREETING: 'hello' } }),
  form: await everyPlatform(upload, fakeRaw('http', { body: form })),
  fails: await everyPlatform(fails, fakeHttp()),
};
for (const [name, { agreed, platforms, differences }] of Object.entries(requests)) {
  same(name, [agreed.outcome, differences], ['answered', []]);
  const asked = Object.values(platforms).filter(({ supported }) => supported);
  // The path of the good one has an encoded slash, which an HTTP API does not keep.
  same(name, asked.length, name === 'good' ? 8 : 9);
}
same('the cookies', requests.good.platforms.node.value?.cookies, ['seen=1; Path=/', 'last=o-1; HttpOnly']);
same('a refusal', requests.bad.agreed.status, 400);
same('the environment', requests.env.agreed.body, 'hello ada');

const order = { orderId: 'o-1', qty: 2 };
for (const [message, outcome] of [
  [fakeMessage(order), 'ack'],
  [fakeMessage({ ...order, qty: 101 }), 'retry'],
] as const) {
  const { agreed, platforms, differences } = await everyPlatform(charge, message);
  same(outcome, [agreed.outcome, differences], [outcome, []]);
  const asked = Object.values(platforms).filter(({ supported }) => supported);
  same(outcome, asked.length, 6);
  same(outcome, (await deliver(charge, message)).outcome, outcome);
}

const record = (messageId: string, body: string): object => ({
  messageId,
  body,
  receiptHandle: 'r',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
});
const event = { Records: [record('a', JSON.stringify(order)), record('b', 'no JSON')] };
const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 };
same('SQS', await lambda(charge)(event, context), { batchItemFailures: [{ itemIdentifier: 'b' }] });

const paid = await payOnce('o-1');
same('once', [paid, await payOnce('o-1'), await payOnce('o-2')], [paid, paid, { orderId: 'o-2', run: 2 }]);
const payment = fakeHttp({ headers: { 'idempotency-key': 'p-1' }, body: order });
const [first, again] = [await invoke(pay, payment), await invoke(pay, payment)];
same('a replay', [again.status, again.body, again.headers['idempotency-replayed']], [201, first.body, 'true']);
const other = fakeHttp({ headers: { 'idempotency-key': 'p-1' }, body: { ...order, qty: 3 } });
same('another request', (await invoke(pay, other)).status, 422);

let tries = 0;
const policy = compose(
  fallback(() => 'refused', { when: isRefused }),
  retry({ backoff: () => 1 }),
  circuitBreaker({ name: 'tea', failures: 4 }),
  timeout(1_000),
);
const failing = async ({ signal }: { readonly signal: AbortSignal }): Promise<string> => {
  signal.throwIfAborted();
  if (++tries === 2) return 'there';
  throw new Error('down');
};
same('the second try', await policy(failing), 'there');
same('the last try', await policy(failing).catch((error: Error) => error.message), 'down');
same('an open circuit', [await policy(failing), await policy(failing), tries], ['refused', 'refused', 6]);

console.log(running);
