/**
 * Runs Tradewind functions on Cloudflare Workers.
 *
 * @module
 */
import { type AnyFunction, FunctionError, type Kind, type QueueTrigger, type ScheduleTrigger } from '@tradewind/core';
import { deployed, Invocation, misconfigured, normalCron } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { answering } from '../shared/answering.js';
import { checkFunctions } from '../shared/functions.js';
import { httpBinding } from './http.js';
import { WorkersInvocation } from './invocation.js';
import { deliverBatch } from './queue.js';
import { run } from './schedule.js';
import type { WorkersContext, WorkersHandlers } from './types.js';
import type { WorkersWiring } from './wiring.js';

export { secretsStore } from './secrets-store.js';
export { queueBinding } from './transport.js';
export type { WorkersBatch, WorkersContext, WorkersController, WorkersHandlers, WorkersMessage } from './types.js';
export type { WorkersWiring } from './wiring.js';

type WorkersKind = keyof WorkersHandlers;
const KINDS: readonly WorkersKind[] = ['http', 'queue', 'schedule'];

/**
 * The default export of a Worker with these functions: `fetch` for HTTP, `queue` for messages, `scheduled` for
 * schedules.
 */
export type WorkersExport<Functions extends readonly unknown[]> = Both<
  WorkersHandlers[KindOf<Functions[number]> & WorkersKind]
>;
type Both<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * Makes the default export of a Worker from any number of HTTP, queue and schedule functions.
 *
 * Requests are routed by path and method. A batch goes to the function whose trigger has its queue, or to the only
 * queue function, since queues are often named by environment. A cron trigger goes to the function with the same
 * expression.
 *
 * @throws FunctionError `misconfigured`, when the Worker starts, for functions that cannot share a Worker.
 * @example
 * ```ts
 * import { defineFunction, http } from '@tradewind/core';
 * import { cloudflare } from '@tradewind/adapters/cloudflare';
 *
 * const hello = defineFunction('hello', http({ method: 'GET', path: '/hello/:name' })).handle(
 *   ({ params }) => ({ hello: params.name }),
 * );
 * export default cloudflare(hello);
 * ```
 */
export function cloudflare<const Functions extends readonly AnyFunction[]>(
  ...functions: {
    [Index in keyof Functions]: Functions[Index] & Accept<Functions[Index], WorkersKind, 'Cloudflare Workers'>;
  }
): WorkersExport<Functions> {
  checkFunctions('Cloudflare Workers', KINDS, functions);
  const of = (kind: Kind): AnyFunction[] => functions.filter((fn) => fn.trigger.kind === kind);
  return {
    ...fetchHandler(of('http')),
    ...queueHandler(of('queue')),
    ...scheduledHandler(of('schedule')),
  } as WorkersExport<Functions>;
}

/**
 * Configures a function for Workers: where its messages go, and where its environment variables come from.
 *
 * @example
 * ```ts
 * import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
 * import { defineFunction, queue } from '@tradewind/core';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * export default cloudflare(on(charge, { deadLetter: queueBinding('DEAD_LETTERS') }));
 * ```
 */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: WorkersWiring<KindOf<Fn>>): Fn {
  return deployed(fn, wiring);
}

function invocationOf(
  fn: AnyFunction,
  event: unknown,
  env: object,
  execution: WorkersContext,
  id: string | null = null,
): WorkersInvocation {
  return new WorkersInvocation(new Invocation(fn, event, { env, execution, id }));
}

function fetchHandler(functions: readonly AnyFunction[]): Partial<WorkersHandlers['http']> {
  if (functions.length === 0) return {};
  const answer = answering(functions, httpBinding.encode);
  return {
    async fetch(native, env, context) {
      return answer(httpBinding.decode(native), (fn) =>
        invocationOf(fn, native, env, context, native.headers.get('cf-ray')),
      ) as Promise<Response>;
    },
  };
}

function queueHandler(functions: readonly AnyFunction[]): Partial<WorkersHandlers['queue']> {
  const [first] = functions;
  if (!first) return {};
  const byName = new Map(functions.map((fn) => [(fn.trigger as QueueTrigger).queue, fn]));
  if (byName.size < functions.length)
    throw misconfigured('cloudflare(...): each queue function must have its own queue; two have the same.');
  return {
    async queue(batch, env, context) {
      const fn = byName.get(batch.queue) ?? (functions.length === 1 ? first : undefined);
      if (!fn) {
        throw new FunctionError(
          'foreign_event',
          `The Worker received a batch of the queue '${batch.queue}', but has functions only for ${[...byName.keys()].join(', ')}.`,
        );
      }
      const invocation = invocationOf(fn, batch, env, context);
      await deliverBatch(fn, batch, invocation);
      if (invocation.open) await invocation.end();
    },
  };
}

function scheduledHandler(functions: readonly AnyFunction[]): Partial<WorkersHandlers['schedule']> {
  if (functions.length === 0) return {};
  const byCron = new Map(functions.map((fn) => [(fn.trigger as ScheduleTrigger).cron, fn]));
  if (byCron.size < functions.length)
    throw misconfigured('cloudflare(...): each schedule function must have its own expression; two have the same.');
  return {
    async scheduled(controller, env, context) {
      const fn = byCron.get(normalCron(controller.cron));
      if (!fn) {
        throw new FunctionError(
          'foreign_event',
          `The Worker received the cron trigger '${controller.cron}', but has functions only for ${[...byCron.keys()].join(', ')}: use the same expressions in wrangler's configuration.`,
        );
      }
      await run(fn, controller, invocationOf(fn, controller, env, context));
    },
  };
}
