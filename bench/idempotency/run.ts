// Compares idempotency over one Redis with similar libraries and a hand-written pair of Lua scripts. Takes a minute or
// two.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { proxy } from '../../test/idempotency/faults/proxy.ts';
import { redis } from '../../test/servers/redis.ts';
import { digits, interleave, ratios, type Spread, spread } from '../harness.ts';
import { versionsOf } from '../report.ts';
import { CONTESTANTS, type Once } from './contestants.ts';

const ROUNDS = 7;
const CALLS = 4_000;
const CONCURRENCIES = [1, 16, 64] as const;
const SITUATIONS = ['first call', 'duplicate', 'in progress', 'takeover'] as const;
type Situation = (typeof SITUATIONS)[number];
type Name = keyof typeof CONTESTANTS & string;

const progress = (text: string): void => void process.stderr.write(`[bench] ${text}\n`);
let keys = 0;

/** Calls once per key, with a fixed concurrency, and returns the calls per second. */
async function rate(once: Once, all: readonly string[], concurrency: number): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) await once(all[at] as string).catch(() => {});
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (all.length / (performance.now() - start)) * 1_000;
}

/** Keys in a given state. */
async function prepared(name: Name, situation: Situation, client: Redis, count: number): Promise<string[]> {
  const { make, hold } = CONTESTANTS[name] as (typeof CONTESTANTS)[string];
  const all = Array.from({ length: count }, () => `key-${keys++}`);
  if (situation === 'duplicate') await rate(make(client), all, 64);
  if (situation === 'in progress' || situation === 'takeover') {
    await Promise.all(all.map((key) => hold(client, key, situation === 'takeover')));
    // A contestant that claims by a call that never ends has sent its claim by now.
    await client.ping();
  }
  return all;
}

const { server, servers } = await redis();
const client = new Redis({ port: server.port });
const names = Object.keys(CONTESTANTS) as Name[];

interface Row {
  readonly situation: Situation;
  readonly concurrency: number;
  readonly name: Name;
  readonly perSecond: Spread;
  /** The ratio to the bare pair of scripts, per round. */
  readonly ofBare: Spread;
  readonly ofPowertools: Spread;
}
const rows: Row[] = [];
for (const situation of SITUATIONS) {
  const able = names.filter((name) => situation !== 'takeover' || CONTESTANTS[name]?.takesOver);
  for (const concurrency of CONCURRENCIES) {
    progress(`${situation}, ${concurrency} at once`);
    const calls = concurrency === 1 ? CALLS / 4 : CALLS;
    const measured = await interleave(able, ROUNDS, async (name) => {
      const all = await prepared(name, situation, client, calls);
      return rate((CONTESTANTS[name] as (typeof CONTESTANTS)[string]).make(client), all, concurrency);
    });
    for (const name of able) {
      const own = measured[name] ?? [];
      rows.push({
        situation,
        concurrency,
        name,
        perSecond: digits(spread(own), 0),
        ofBare: digits(ratios(own, measured['a bare Lua pair'] ?? []), 2),
        ofPowertools: digits(ratios(own, measured.powertools ?? []), 2),
      });
    }
    await client.flushall();
  }
}

progress('commands of a call');
const commands: Record<string, Record<string, number>> = {};
for (const name of names) {
  commands[name] = {};
  for (const situation of ['first call', 'duplicate'] as const) {
    const counted = new Redis({ port: server.port });
    const once = (CONTESTANTS[name] as (typeof CONTESTANTS)[string]).make(counted);
    // The scripts are loaded by then.
    await once(`key-${keys++}`);
    const [key = ''] = await prepared(name, situation, client, 1);
    let sent = 0;
    const send = counted.sendCommand.bind(counted);
    counted.sendCommand = (...args) => {
      sent++;
      return send(...args);
    };
    await once(key);
    commands[name][situation] = sent;
    counted.disconnect();
  }
}

progress('a duplicate with 2 ms of network');
const proxied = await proxy(server.port);
proxied.way.delay = () => 1;
const far = new Redis({ port: proxied.port });
await far.ping();
const latency = async (ask: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  for (let call = 0; call < 50; call++) await ask();
  return (performance.now() - start) / 50;
};
const asking: Record<string, (key: string) => Promise<unknown>> = { 'one round trip': () => far.ping() };
for (const name of names) asking[name] = (CONTESTANTS[name] as (typeof CONTESTANTS)[string]).make(far);
const afar = await interleave(Object.keys(asking), ROUNDS, async (name) => {
  if (!CONTESTANTS[name]) return latency(() => far.ping());
  const all = await prepared(name, 'duplicate', client, 50);
  let at = 0;
  return latency(() => (asking[name] as Once)(all[at++] as string));
});
const distant = Object.keys(asking).map((name) => ({
  name,
  ms: digits(spread(afar[name] ?? []), 2),
  roundTrips: digits(ratios(afar[name] ?? [], afar['one round trip'] ?? []), 2),
}));

client.disconnect();
far.disconnect();
await proxied[Symbol.asyncDispose]();
await servers[Symbol.asyncDispose]();

const of = (situation: Situation, concurrency: number, name: string): Row | undefined =>
  rows.find((row) => row.situation === situation && row.concurrency === concurrency && row.name === name);
const budgets = [
  ['first call of the bare pair, 64 at once', '>=', 0.9, of('first call', 64, 'tradewind')?.ofBare.median],
  ['duplicate of the bare pair, 64 at once', '>=', 0.9, of('duplicate', 64, 'tradewind')?.ofBare.median],
  ['first call of Powertools, 64 at once', '>=', 2, of('first call', 64, 'tradewind')?.ofPowertools.median],
  ['duplicate of Powertools, 64 at once', '>=', 2, of('duplicate', 64, 'tradewind')?.ofPowertools.median],
  [
    'duplicate at 2 ms, in round trips',
    '<=',
    1.15,
    distant.find(({ name }) => name === 'tradewind')?.roundTrips.median,
  ],
].map(([name, is, budget, measured]) => ({
  name,
  budget: `${is} ${budget}`,
  measured,
  met: is === '>=' ? Number(measured) >= Number(budget) : Number(measured) <= Number(budget),
}));
const versions = versionsOf([
  '@aws-lambda-powertools/idempotency',
  '@node-idempotency/core',
  'express-idempotency',
  'ioredis',
]);
const results = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  versions,
  budgets,
  rows,
  commands,
  distant,
};
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
console.table(
  rows.map(({ situation, concurrency, name, perSecond, ofBare }) => ({
    situation,
    'at once': concurrency,
    name,
    'a second': perSecond.median,
    p10: perSecond.p10,
    p90: perSecond.p90,
    'of bare': ofBare.median,
  })),
);
console.table(commands);
console.table(distant.map(({ name, ms, roundTrips }) => ({ name, ms: ms.median, 'round trips': roundTrips.median })));
console.table(budgets);
