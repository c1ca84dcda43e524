/** Messages, events and timers on Azure's own library, with a stand-in for its host and the vendor's queue emulator. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AzureHost, startAzure } from './azure-host.ts';
import { busMetadata, storageMetadata } from './azure-rpc.ts';
import { type Azurite, startAzurite } from './azurite.ts';
import { bundle } from './bundle.ts';
import { written } from './process.ts';

let host: AzureHost;
let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite(['orders', 'texts']);
  host = await startAzure(await bundle('test/hosts/apps/azure-messages.ts', 'node'));
});
afterAll(async () => {
  await Promise.all([host?.stop(), azurite?.stop()]);
});

const lines = (word: string): string[] =>
  Array.from(host.logs().matchAll(new RegExp(`^${word} (.*)$`, 'gm')), ([, text = '']) => text);
const send = async (queue: string, texts: readonly string[]): Promise<string[]> => {
  const client = azurite.service.getQueueClient(queue);
  const sent = [];
  for (const text of texts) sent.push((await client.sendMessage(Buffer.from(text).toString('base64'))).messageId);
  return sent;
};
const meta = (id: string, text: string) => storageMetadata(id, 1, new Date(0), text);

describe('a storage queue', () => {
  test('deletes messages that are done, retries failed ones, and moves those that always fail to the poison queue', async () => {
    const job = (id: string, does: string): string => JSON.stringify({ id, does });
    const all = [
      job('a', 'good'),
      job('b', 'throw'),
      job('c', 'transient'),
      job('d', 'poison'),
      'no job',
      job('e', 'good'),
    ];
    const ids = await send('orders', all);
    await azurite.drain('orders', host, 'jobs');
    await written(() => expect(lines('done').toSorted()).toEqual(['a', 'c', 'e']));
    await written(() => expect(lines('sink').toSorted()).toEqual([ids[3], ids[4]].toSorted()));
    expect(await azurite.texts('orders-poison')).toEqual([all[1]]);
  });

  const EXACT = ['89e7073266', '12345678901234567890', '007', '1e400', 'true', 'null', ' 5', 'grüße', '"quoted"'];
  test('delivers every text exactly as it was sent', async () => {
    await send('texts', EXACT);
    await azurite.drain('texts', host, 'texts');
    const seen = () => lines('text').map((line) => (JSON.parse(line) as [string, unknown])[1]);
    const sent = EXACT.map((text) => (text === '"quoted"' ? 'quoted' : text));
    await written(() => expect(seen().toSorted()).toEqual(sent.toSorted()));
  });

  test('would deliver different texts if bytes were not requested', async () => {
    for (const text of EXACT.slice(0, 2)) {
      await host.invoke({ name: 'naive', messages: [text], metadata: meta('m', text) });
    }
    await written(() => expect(lines('naive')).toEqual(['Infinity', '12345678901234567000']));
  });

  test('does not ack a message whose function never ends or whose process dies', async () => {
    const never = JSON.stringify({ id: 'n', does: 'never' });
    expect(await host.invoke({ name: 'jobs', messages: [never], metadata: meta('n', never) })).toMatchObject({
      done: false,
      error: expect.stringContaining('deadline'),
    });
    const other = await startAzure(await bundle('test/hosts/apps/azure-messages.ts', 'node'));
    const die = JSON.stringify({ id: 'x', does: 'die' });
    await expect(other.invoke({ name: 'jobs', messages: [die], metadata: meta('x', die) })).rejects.toThrow();
  });
});

describe('Service Bus', () => {
  const many = (does: readonly string[]) => ({
    name: 'bulk',
    messages: does.map((one, index) => JSON.stringify({ id: `b${index}`, does: one })),
    metadata: busMetadata(
      does.map((_, index) => `m${index}`),
      does.map((_, index) => BigInt(index)),
    ),
  });

  test('completes a batch, or abandons all of it', async () => {
    expect(await host.invoke(many(['good', 'good']))).toEqual({ done: true });
    expect(await host.invoke(many(['good', 'throw', 'good']))).toEqual({ done: false, error: 'it does not work' });
    await written(() => expect(lines('bulk')).toEqual(['b0', 'b1', 'b0', 'b2']));
  });

  test('completes a batch whose ids the library reads as numbers', async () => {
    const metadata = busMetadata(['12345678901234567890', '89e7073266', '', 'order-1'], [1n, 2n ** 60n, 3n, 4n]);
    expect(await host.invoke({ ...many(['good', 'good', 'good', 'good']), metadata })).toEqual({ done: true });
  });
});

test('a timer succeeds or fails', async () => {
  const timer = { json: JSON.stringify({ IsPastDue: false, Schedule: {}, ScheduleStatus: {} }) };
  expect(await host.invoke({ name: 'nightly', data: timer })).toEqual({ done: true });
  expect(await host.invoke({ name: 'nightly', data: { json: '{}' } })).toMatchObject({ done: false });
});

test('an Event Grid event is handled in both schemas', async () => {
  const grid = (eventType: string, does: string) => ({
    json: JSON.stringify({
      id: 'e-1',
      topic: '/subscriptions/s/topics/t',
      subject: 'orders/1',
      eventType,
      eventTime: '2026-01-01T00:00:00Z',
      data: { does },
      dataVersion: '1.0',
      metadataVersion: '1',
    }),
  });
  const cloud = { specversion: '1.0', id: 'e-2', source: '/shop', type: 'order.shipped', data: { does: 'good' } };
  expect(await host.invoke({ name: 'shipped', data: grid('order.shipped', 'good') })).toEqual({ done: true });
  expect(await host.invoke({ name: 'shipped', data: { json: JSON.stringify(cloud) } })).toEqual({ done: true });
  expect(await host.invoke({ name: 'shipped', data: grid('order.shipped', 'throw') })).toMatchObject({ done: false });
  expect(await host.invoke({ name: 'shipped', data: grid('order.lost', 'good') })).toMatchObject({
    done: false,
    error: expect.stringContaining("expects Event Grid events of type 'order.shipped'"),
  });
});
