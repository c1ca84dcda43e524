/**
 * Runs Tradewind functions on Cloudflare Workers.
 *
 * @module
 */
import type { Kind } from '@tradewind/core';
import { ContextState } from '@tradewind/core/adapter';
import type { Accept, Entry, KindOf } from '../shared/accept.js';
import { foreignEvent, misconfigured, type Wired, wire } from '../shared/functions.js';
import { serve, serveRouted } from '../shared/http.js';
import { routes } from '../shared/router.js';
import { httpBinding } from './http.js';
import { WorkersInvocation } from './invocation.js';
import { settle } from './queue.js';
import type { WorkersContext, WorkersHandlers } from './types.js';

export type { WorkersBatch, WorkersContext, WorkersHandlers, WorkersMessage } from './types.js';

type WorkersKind = keyof WorkersHandlers;
const KINDS: readonly WorkersKind[] = ['http', 'queue'];

/** What a Worker with these functions exports: `fetch` for HTTP, `queue` for messages. */
export type WorkersExport<Entries extends readonly unknown[]> = Both<WorkersHandlers[KindOf<Entries[number]> & WorkersKind]>;
type Both<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void ? All : never;

/**
 * What a Worker exports, for any number of HTTP and queue functions.
 *
 * Requests are routed by path and method. A batch goes to the function whose trigger names its queue, or to the only
 * queue function there is, since queues are often named by environment.
 *
 * @throws FunctionError `misconfigured`, when the Worker starts, for functions that cannot share it.
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
export function cloudflare<const Entries extends readonly Entry[]>(
  ...entries: Entries & { [Index in keyof Entries]: Accept<Entries[Index], WorkersKind, 'Cloudflare Workers', Record<never, never>> }
): WorkersExport<Entries> {
  const wired = wire<object>('Cloudflare Workers', KINDS, entries);
  const of = (kind: Kind): Wired<object>[] => wired.filter(({ fn }) => fn.trigger.kind === kind);
  return { ...fetchHandler(of('http')), ...queueHandler(of('queue')) } as WorkersExport<Entries>;
}

function fetchHandler(functions: readonly Wired<object>[]): Partial<WorkersHandlers['http']> {
  const [first] = functions;
  if (!first) return {};
  const find = functions.length > 1 ? routes(functions) : undefined;
  return {
    async fetch(request: Request, env: object, context: WorkersContext) {
      const source = httpBinding.decode(request);
      const invocation = new WorkersInvocation(request, env, context, request.headers.get('cf-ray') ?? undefined);
      return httpBinding.encode(await (find ? serveRouted(find, source, invocation) : serve(first.fn, source, invocation)));
    },
  };
}

function queueHandler(functions: readonly Wired<object>[]): Partial<WorkersHandlers['queue']> {
  const [first] = functions;
  if (!first) return {};
  const byName = new Map(functions.map(({ fn }) => [(fn.trigger as unknown as { queue: string }).queue, fn]));
  if (byName.size < functions.length) throw misconfigured('Cloudflare Workers was given two functions for one queue.');
  return {
    async queue(batch, env, context) {
      const fn = byName.get(batch.queue) ?? (functions.length === 1 ? first.fn : undefined);
      if (!fn) throw foreignEvent(first.fn, 'Cloudflare Workers', `a batch of ${[...byName.keys()].join(' or ')}`, batch);
      const state = new ContextState(fn, new WorkersInvocation(batch, env, context));
      await Promise.all(batch.messages.map((message) => settle(fn, message, batch, state)));
      if (state.open) await state.end();
    },
  };
}
