/**
 * What happens after a delivery on the real runtimes: redelivery after the delay, dead letters, and no lost messages.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle } from './bundle.ts';
import { type LambdaHost, startLambda, whyNotLambda } from './lambda-host.ts';
import { SqsStandIn } from './sqs-stand-in.ts';
import { startWorkers, type WorkersHost } from './workers-host.ts';

type Does = 'good' | 'throw' | 'later' | 'poison' | 'slow' | 'transient' | 'die' | 'never';
const job = (id: string, does: Does = 'good'): object => ({ id, does });
/** 1 message in 100 is poison, and 1 in 100 fails the first time. */
const MANY = Array.from({ length: 10_000 }, (_, n) =>
  job(`n-${n}`, n % 100 === 7 ? 'poison' : n % 100 === 53 ? 'transient' : 'good'),
);
const GOOD = 9_900;
const POISON = 100;

const why = whyNotLambda();
describe.skipIf(why)('on the real Lambda client, behind a stand-in for SQS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  const ledger = join(folder, 'ledger');
  const service = new SqsStandIn();
  const hosts: LambdaHost[] = [];
  const on = async (sink: 'none' | 'works' | 'broken'): Promise<LambdaHost> => {
    const bundled = await bundle('test/hosts/apps/lambda-delivery.ts', 'node');
    const host = await startLambda(bundled, { LEDGER: ledger, SQS_URL: url, SINK: sink });
    hosts.push(host);
    return host;
  };
  const handled = (): string[] => readFileSync(ledger, 'utf8').split('\n').filter(Boolean);
  let url = '';
  let plain: LambdaHost;
  let sinking: LambdaHost;

  beforeAll(async () => {
    writeFileSync(ledger, '');
    url = await service.listen();
    [plain, sinking] = await Promise.all([on('none'), on('works')]);
  });
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    service.close();
    rmSync(folder, { recursive: true });
  });

  test('a failed message is redelivered until the redrive policy takes it, rejected or not', async () => {
    service.send('a', job('a-1', 'throw'));
    service.send('a', job('a-2', 'poison'));
    service.send('a', { no: 'job' });
    service.send('a', job('a-3', 'transient'));
    await service.drain('a', (event) => plain.invoke(event));
    expect(service.messages('a-dead').map(({ body }) => JSON.parse(body))).toEqual([
      job('a-1', 'throw'),
      job('a-2', 'poison'),
      { no: 'job' },
    ]);
    expect(handled()).toContain('a-3');
  });

  test('a message to be retried later is not redelivered before its delay is over', async () => {
    service.send('b', job('b-1', 'later'));
    await service.poll('b', (event) => plain.invoke(event));
    const [message] = service.messages('b');
    expect(message?.delayed).toBe(true);
    await service.drain('b', (event) => plain.invoke(event));
    expect(handled()).toContain('b-1');
  });

  test('a rejected message leaves the queue only once it is in the sink', async () => {
    service.send('c', job('c-1', 'poison'));
    service.send('c', job('c-2'));
    await service.drain('c', (event) => sinking.invoke(event));
    const letters = service.messages('sink').map(({ body }) => JSON.parse(body));
    expect(letters).toMatchObject([
      { type: 'tradewind.deadletter', data: { event: { data: job('c-1', 'poison') }, attempt: 1, platform: 'lambda' } },
    ]);
    expect(service.messages('c-dead')).toEqual([]);

    const broken = await on('broken');
    service.send('d', job('d-1', 'poison'));
    await service.drain('d', (event) => broken.invoke(event));
    expect(service.messages('d-dead')).toHaveLength(1);
    expect(service.messages('sink')).toHaveLength(1);
  });

  test('at the deadline, messages that are done are acked, and one whose handler never settles fails', async () => {
    const ids = [job('e-1'), job('e-2', 'slow'), job('e-3', 'never'), job('e-4')].map((body) =>
      service.send('e', body),
    );
    await service.poll('e', (event) => plain.invoke(event, { timeout: 1_000 }));
    expect(service.messages('e').map(({ id }) => id)).toEqual([ids[1], ids[2]]);
    expect(handled()).toEqual(expect.arrayContaining(['e-1', 'e-4']));
  });

  test('a process that is killed in the middle of a batch loses no message', async () => {
    for (let n = 0; n < 30; n++) service.send('f', job(`f-${n}`, n % 10 === 4 ? 'die' : 'good'));
    await service.drain('f', (event) => plain.invoke(event));
    expect(service.messages('f-dead')).toEqual([]);
    expect(new Set(handled().filter((id) => id.startsWith('f-'))).size).toBe(30);
  });

  test('of 10,000 messages every good one is handled, and every poison one is in the sink', {
    timeout: 120_000,
  }, async () => {
    const before = service.messages('sink').length;
    for (const body of MANY) service.send('many', body);
    await service.drain('many', (event) => sinking.invoke(event), 110_000);
    expect(new Set(handled().filter((id) => id.startsWith('n-'))).size).toBe(GOOD);
    const letters = service.messages('sink').slice(before);
    const poison = letters.map(({ body }) => JSON.parse(body).data.event.data);
    expect(new Set(poison.map(({ id }) => id)).size).toBe(POISON);
    expect(poison.every(({ does }) => does === 'poison')).toBe(true);
    expect(service.messages('many-dead')).toEqual([]);
  });
});

describe('on workerd, through its own queues', () => {
  let host: WorkersHost;
  beforeAll(async () => {
    host = await startWorkers(await bundle('test/hosts/apps/workers-delivery.ts', 'workers'));
  });
  afterAll(() => host?.stop());
  const handled = async (): Promise<string[]> => (await (await host.fetch('/ledger')).json()) as string[];
  const waitFor = (check: () => Promise<void>, timeout = 20_000): Promise<void> =>
    vi.waitFor(check, { timeout, interval: 100 });

  test('each message is told its own outcome', async () => {
    const does: Does[] = ['good', 'throw', 'later', 'poison', 'slow'];
    const { explicitAcks, retryMessages } = await host.deliver(
      'orders',
      does.map((what) => job(`a-${what}`, what)),
    );
    // The poison message is acked, because the sink has accepted it; the slow one reached the deadline.
    expect(explicitAcks).toEqual(['m-1', 'm-4']);
    expect(retryMessages.toSorted((a, b) => a.msgId.localeCompare(b.msgId))).toEqual([
      { msgId: 'm-2' },
      { msgId: 'm-3', delaySeconds: 1 },
      { msgId: 'm-5' },
    ]);
    await waitFor(async () => expect(JSON.stringify(await host.sink())).toContain('a-poison'));
  });

  test.each([
    ['without a sink', 'workers-delivery-plain'],
    ['whose sink fails', 'workers-delivery-unsunk'],
  ])('a rejected message %s ends in the dead-letter queue', async (_name, app) => {
    const other = await startWorkers(await bundle(`test/hosts/apps/${app}.ts`, 'workers'));
    try {
      await other.send([job('p', 'poison'), job('g')]);
      await waitFor(async () => expect(await other.deadLetters()).toEqual([job('p', 'poison')]));
    } finally {
      await other.stop();
    }
  });

  test('a failed message ends in the dead-letter queue, and a delayed one is redelivered later', async () => {
    const start = Date.now();
    await host.send([job('b-1', 'throw'), job('b-2', 'later'), { no: 'job' }, job('b-3')]);
    await waitFor(async () => expect(await handled()).toEqual(expect.arrayContaining(['b-2', 'b-3'])));
    expect(Date.now() - start).toBeGreaterThan(900);
    await waitFor(async () => expect(await host.deadLetters()).toEqual([job('b-1', 'throw')]));
    await waitFor(async () => expect(JSON.stringify(await host.sink())).toContain('"no":"job"'));
  });

  test('of 10,000 messages every good one is handled, and every poison one is in the sink', {
    timeout: 120_000,
  }, async () => {
    await host.send(MANY);
    const good = async (): Promise<number> => new Set((await handled()).filter((id) => id.startsWith('n-'))).size;
    await waitFor(async () => expect(await good()).toBe(GOOD), 110_000);
    const poison = async () => {
      const letters = (await host.sink()) as { data: { event: { data: { id?: string; does?: string } } } }[];
      return letters.map(({ data }) => data.event.data).filter(({ id }) => id?.startsWith('n-'));
    };
    await waitFor(async () => expect(new Set((await poison()).map(({ id }) => id)).size).toBe(POISON));
    expect((await poison()).every(({ does }) => does === 'poison')).toBe(true);
    expect(JSON.stringify(await host.deadLetters())).not.toContain('n-');
  });
});
