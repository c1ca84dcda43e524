import type { RequestListener } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { type FakeEvent, type FakeRequest, resolveRequest } from '@tradewind/core/testing';
import { answering } from '../../packages/adapters/src/node/answering.ts';
import { onGcf } from '../../packages/adapters/src/testing/gcf.ts';
import { httpRuns } from '../../packages/adapters/src/testing/http-runs.ts';
import { exchange } from '../../packages/adapters/src/testing/loopback.ts';
import { queueRuns } from '../../packages/adapters/src/testing/queue-runs.ts';
import { eventRuns, scheduleRuns } from '../../packages/adapters/src/testing/single-runs.ts';
import { type Captured, capture } from './capture.ts';
import { fromWeb, toText } from './plain.ts';

type Fake = FakeEvent<'http', unknown> | FakeEvent<'queue' | 'schedule' | 'event', unknown>;

/** The recording of one event: the platforms' answers, and what operators see, once for platforms that agree. */
export interface Recording {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly seen: Readonly<Record<string, unknown>>;
}

/** How a fake event is run. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly wiring?: object;
  /** Whether messages are handled at the same time, so that what operators see has no order. */
  readonly isConcurrent?: boolean;
}

/** Runs a function with a fake event on every platform, each with the event that its platform would send. */
export async function onEveryPlatform(
  fn: AnyFunction,
  fake: Fake,
  { env = {}, wiring = {}, isConcurrent = false }: RunOptions = {},
): Promise<Recording> {
  const options = { env, deliveryAttempt: 1, wiring };
  const captured: [string, Captured][] = [];
  for (const [name, run] of Object.entries(await runsOf(wired(fn, wiring), fake))) {
    const one = await capture(() => run(options as never));
    captured.push([name, isConcurrent ? { ...one, seen: sorted(one.seen) } : one]);
  }
  return grouped(captured);
}

function sorted(seen: Captured['seen']): Captured['seen'] {
  const inAnyOrder = (list: readonly unknown[]) =>
    list
      .map((one) => JSON.stringify(one))
      .sort()
      .map((text) => JSON.parse(text));
  return { lines: inAnyOrder(seen.lines), observed: inAnyOrder(seen.observed), spans: inAnyOrder(seen.spans) };
}

type Runs = Readonly<Record<string, (options: never) => Promise<unknown>>>;

async function runsOf(fn: AnyFunction, fake: Fake): Promise<Runs> {
  if (fake.kind === 'queue') return natives(queueRuns(fn, fake.messages));
  if (fake.kind !== 'http') {
    const [message] = fake.messages;
    if (!message) throw new Error('A fake event without a message.');
    return natives((fake.kind === 'event' ? eventRuns : scheduleRuns)(fn, message));
  }
  const wire = await resolveRequest(fn.trigger as never, fake as FakeEvent<'http', unknown>);
  const { gcf: _gcf, node: _node, ...others } = await httpRuns(fn, fake as FakeEvent<'http', unknown>);
  const onServer = (listener: () => RequestListener) => () => overWire(listener(), wire);
  return {
    ...natives(others),
    gcf: onServer(() => onGcf(fn).answer),
    node: onServer(() => answering([fn], new Set())),
  };
}

/** A run's outcome and the platform's own result. */
function natives(runs: object): Runs {
  return Object.fromEntries(
    Object.entries(runs as Runs).map(([name, run]) => [
      name,
      async (options: never) => {
        const { outcome, native } = (await run(options)) as { readonly outcome?: string; readonly native: unknown };
        return { outcome, native: native instanceof Response ? await fromWeb(native) : native };
      },
    ]),
  );
}

/** Sends a request to a server on this machine, and reads what comes back as it is on the wire. */
export function overWire(listener: RequestListener, fake: FakeRequest): Promise<object> {
  return exchange(listener, fake, async (answer) => {
    const chunks: Buffer[] = [];
    let failed: unknown;
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
    } catch (error) {
      failed = error;
    }
    const { statusCode: status, headersDistinct } = answer;
    const { date: _date, ...rest } = headersDistinct;
    return { status, headers: rest, body: toText(Buffer.concat(chunks)), ...(failed !== undefined && { failed }) };
  });
}

/** Platforms whose operators see the same stand together; a platform's own name is left out of what they see. */
export function grouped(captured: readonly (readonly [string, Captured])[]): Recording {
  const groups = new Map<string, string[]>();
  for (const [name, { seen }] of captured) {
    const platform = name.split(':')[0] ?? name;
    const text = JSON.stringify(seen).replaceAll(`"${platform}"`, '"<platform>"');
    groups.set(text, [...(groups.get(text) ?? []), name]);
  }
  return {
    answers: Object.fromEntries(captured.map(([name, { answer }]) => [name, answer])),
    seen: Object.fromEntries(Array.from(groups, ([text, names]) => [names.join(', '), JSON.parse(text)])),
  };
}
