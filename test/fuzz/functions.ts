import {
  beforeParsing,
  cookie,
  defineFunction,
  event,
  type HttpEvent,
  http,
  json,
  queue,
  schedule,
} from '@tradewind/core';
import { z } from 'zod';

/** How often each event is mutated. */
export const RUNS = { numRuns: 10_000 };

export const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

// Half of the requests are read as the web has them, before anything has been checked.
let turn = 0;
const early = beforeParsing(async (one: HttpEvent, _context, next) => {
  turn += 1;
  if (turn % 2 === 0) void one.request;
  return next();
});

/** Reads and answers everything that a request has. */
export const everything = define('everything', http({ method: 'POST', path: '/my/:name' }))
  .use(early)
  .handle(({ method, path, params, query, headers, cookies, body }) =>
    json(
      200,
      {
        method,
        path,
        params,
        query,
        headers: [...headers],
        cookies,
        body: body instanceof FormData ? [...body] : body,
      },
      { cookies: [cookie('a', '1'), cookie('b', 'x=%')] },
    ),
  );
export const other = define('other', http({ method: 'GET', path: '/my' })).handle(() => 1);

/** What the functions below have handled since it was emptied. */
export const handled: string[] = [];
const keep = ({ id }: { readonly id: string }): void => void handled.push(id);

const Data = z.union([z.object({ orderId: z.string() }), z.string()]);
export const work = define('work', queue({ queue: 'orders', data: Data })).handle(keep);
export const bulk = define('bulk', queue({ queue: 'orders', data: Data }).batch()).handle(({ messages }) =>
  messages.forEach(keep),
);
export const shipped = define('shipped', event({ type: 't', data: z.object({ id: z.string() }) })).handle(keep);
export const nightly = define('nightly', schedule({ cron: '0 3 * * *' })).handle(keep);

/** Runs an invocation, and says whether it succeeded: what fails, fails with an error, and never as a success of nothing. */
export async function succeeds(run: () => Promise<unknown>): Promise<boolean> {
  handled.length = 0;
  try {
    await run();
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw new Error('What is thrown is no error.', { cause: error });
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) throw error;
    return false;
  }
}
