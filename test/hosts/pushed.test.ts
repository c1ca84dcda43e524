/** Messages, events and schedules over HTTP: on Google's own framework, and on a Node server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { startGcf } from './gcf-host.ts';
import { startNode } from './node-host.ts';
import { written } from './process.ts';
import { overEventarc, PubSubStandIn, toPush } from './pub-sub-stand-in.ts';

interface Host {
  /** Posts to a function. */
  post(name: string, init: RequestInit): Promise<Response>;
  logs(): string;
  stop(): Promise<unknown>;
}

const NAMES = ['jobs', 'texts', 'nightly', 'shipped'];
async function onGoogle(): Promise<Host> {
  const host = await startGcf(await bundle('test/hosts/apps/gcf-messages.ts', 'node'), NAMES);
  return { post: (name, init) => host.fetch(name, '/', init), logs: host.logs, stop: () => host.stop('SIGKILL') };
}
async function onNode(): Promise<Host> {
  const host = await startNode(await bundle('test/hosts/apps/node-messages.ts', 'node'));
  return { post: (name, init) => host.fetch(`/${name}`, init), logs: host.logs, stop: () => host.stop('SIGKILL') };
}

const asJson = (body: unknown, type = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body: JSON.stringify(body),
});
const message = (text: string, id = 'm-1') => ({
  id,
  time: '2026-01-01T03:30:00.5Z',
  data: Buffer.from(text),
  attributes: {},
});

describe.each([
  ["Google's framework", onGoogle, (push: object) => overEventarc(push, 'orders'), 500, 500],
  ['Node', onNode, (push: object) => asJson(push), 503, 400],
])('%s', (_name, start, over, again, rejected) => {
  let host: Host;
  const pubsub = new PubSubStandIn();
  beforeAll(async () => {
    host = await start();
  });
  afterAll(() => host?.stop());
  const lines = (word: string): string[] =>
    Array.from(host.logs().matchAll(new RegExp(`^${word} (.*)$`, 'gm')), ([, text = '']) => text);
  const deliver = async (text: string, name = 'jobs', id = 'm-1'): Promise<number> =>
    (await host.post(name, over(toPush(message(text, id), 'orders', 1)))).status;
  const job = (id: string, does: string): string => JSON.stringify({ id, does });

  test('acked messages are done, failed ones are redelivered, and poison messages are in the sink', async () => {
    for (const text of [job('a', 'good'), job('b', 'throw'), job('c', 'transient'), job('d', 'poison'), 'no job']) {
      pubsub.publish('orders', { data: Buffer.from(text), attributes: {} });
    }
    await pubsub.drain('orders', async (push) => (await host.post('jobs', over(push))).ok);
    await written(() => expect(lines('done').toSorted()).toEqual(['a', 'c']));
    await written(() => expect(lines('sink')).toHaveLength(2));
    expect(pubsub.messages('orders-dead').map(({ data }) => data.toString())).toEqual([job('b', 'throw')]);
  });

  test('a text is delivered as it was published', async () => {
    const exact = ['89e7073266', '12345678901234567890', '007', 'true', 'grüße'];
    for (const text of exact) expect(await deliver(text, 'texts')).toBe(204);
    await written(() => expect(lines('text').map((line) => (JSON.parse(line) as [string, unknown])[1])).toEqual(exact));
  });

  test('1,000 messages, 20 at a time: every good one is done once acked, every poison one is in the sink', async () => {
    const all = Array.from({ length: 1_000 }, (_, n) => ({
      id: `n${n}`,
      does: n % 100 === 0 ? 'poison' : n % 100 === 1 ? 'transient' : 'good',
    }));
    const sunk = lines('sink').length;
    for (const one of all) pubsub.publish('many', { data: Buffer.from(JSON.stringify(one)), attributes: {} });
    const push = async (body: object): Promise<boolean> => (await host.post('jobs', over(body))).ok;
    await Promise.all(Array.from({ length: 20 }, () => pubsub.drain('many', push)));
    const done = () => new Set(lines('done').filter((id) => id.startsWith('n')));
    await written(() => expect(done().size).toBe(990));
    await written(() => expect(lines('sink').length - sunk).toBe(10));
    expect(pubsub.messages('many-dead')).toEqual([]);
  });

  test('a function that never ends and a process that dies ack no message', async () => {
    expect(await deliver(job('n', 'never'))).toBe(again);
    const other = await start();
    await expect(other.post('jobs', over(toPush(message(job('x', 'die')), 'orders', 1)))).rejects.toThrow();
  });

  test.each([
    ['nothing', {}],
    ['a list', []],
    ['a message without an id', { message: { data: 'YQ==' } }],
    ['data that is no base64', { message: { messageId: '1', data: '?' } }],
    ['data that is no text', { message: { messageId: '1', data: 7 } }],
  ])('%s is not a message, and is not acked', async (_what, push) => {
    const response = await host.post('jobs', over(push));
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  test('a CloudEvent is accepted in both modes; one of another type, one without an id, and a batch are refused', async () => {
    const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.shipped', data: { does: 'good' } };
    const structured = (more: object): RequestInit => asJson({ ...event, ...more }, 'application/cloudevents+json');
    const status = async (init: RequestInit): Promise<number> => (await host.post('shipped', init)).status;
    expect(await status(structured({}))).toBe(204);
    expect(await status(structured({ data: { does: 'throw' } }))).toBe(again);
    expect(await status(structured({ data: { does: 'poison' } }))).toBe(rejected);
    expect(await status(structured({ type: 'order.lost' }))).toBeGreaterThanOrEqual(400);
    expect(await status(structured({ id: undefined }))).toBeGreaterThanOrEqual(400);
    expect(await status(asJson([event], 'application/cloudevents-batch+json'))).toBeGreaterThanOrEqual(400);
    const attributes = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': 'e-2',
      'ce-source': '/shop',
      'ce-type': 'order.shipped',
    };
    const binary = (headers: Record<string, string>, body = '{"does":"good"}'): RequestInit => ({
      method: 'POST',
      headers,
      body,
    });
    expect(await status(binary(attributes))).toBe(204);
    expect(await status(binary(attributes, '{"does":"throw"}'))).toBe(again);
    const { 'ce-id': _, ...nameless } = attributes;
    expect(await status(binary(nameless))).toBeGreaterThanOrEqual(400);
  });

  test('a schedule runs when its job is delivered', async () => {
    expect((await host.post('nightly', over(toPush(message('{}'), 'nightly', 1)))).status).toBe(204);
  });
});
