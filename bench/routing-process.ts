// Runs one contestant with several sizes of app in its own process. Measures one round per request.
import { lambda } from '@tradewind/adapters/lambda';
import { defineFunction, http, json } from '@tradewind/core';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { eventText, lambdaContext } from './event.ts';

type Handler = (event: unknown, context: object) => Promise<{ statusCode: number; body: string }>;

/** The parent's request: how many functions the app has, and how many calls to measure. */
export interface RoutingRound {
  readonly functions: number;
  readonly calls: number;
}

/** Each function has a path of its own with a parameter. */
const MAKE: Readonly<Record<string, (paths: readonly string[]) => Handler>> = {
  tradewind: (paths) =>
    lambda(
      ...(paths.map((path, at) =>
        defineFunction(`f${at}`, http({ method: 'POST', path: path as '/:id' })).handle(({ params }) =>
          json(200, { id: params.id }),
        ),
      ) as []),
    ) as unknown as Handler,
  hono: (paths) => {
    const app = new Hono();
    for (const path of paths) app.post(path, (context) => context.json({ id: context.req.param('id') }));
    return handle(app) as Handler;
  },
};

const BATCH = 64;
const [, , name = ''] = process.argv;
const context = lambdaContext();
const apps = new Map<number, Handler>();

/** Calls the functions in turn, from the first to the last. */
async function run({ functions, calls }: RoutingRound): Promise<number> {
  const paths = Array.from({ length: functions }, (_, at) => `/area${at % 10}/resource${at}/:id`);
  const app = apps.get(functions) ?? (MAKE[name] as (typeof MAKE)[string])(paths);
  apps.set(functions, app);
  const texts = Array.from({ length: BATCH }, (_, at) => {
    const path = paths[Math.floor((at * functions) / BATCH)] as string;
    return eventText('{}', path.replace(':id', '7'));
  });
  let nanoseconds = 0n;
  for (let done = 0; done < calls; done += BATCH) {
    const events = texts.map((text) => JSON.parse(text) as unknown);
    const start = process.hrtime.bigint();
    for (const event of events) await app(event, context);
    nanoseconds += process.hrtime.bigint() - start;
  }
  const { statusCode, body } = await app(JSON.parse(texts.at(-1) as string), context);
  if (statusCode !== 200 || body !== '{"id":"7"}') throw new Error(`${name}: ${statusCode} ${body}`);
  return Number(nanoseconds) / calls / 1_000;
}

process.on('message', async (round: RoutingRound) => process.send?.(await run(round)));
process.send?.('ready');
