import {
  type AnyEvent,
  type CloudEvent,
  type Context,
  FunctionError,
  type HttpEvent,
  type Layer,
  type Next,
  type QueueBatch,
  type Result,
} from '@tradewind/core';
import {
  describe,
  done,
  type InvocationContext,
  isResult,
  misconfigured,
  type NextWith,
  toHttpResult,
} from '@tradewind/core/adapter';
import { inBatch } from './batch.js';
import { ofData, ofRequest } from './fingerprint.js';
import { readsHeader } from './header.js';
import { answered, keepAnswer } from './http.js';
import { keepError } from './kept-error.js';
import { delivered, keepValue } from './messages.js';
import { once, type Running, ungranted, type Work } from './once.js';
import type {
  HttpIdempotencyOptions,
  Idempotency,
  IdempotencyOf,
  IdempotencyOptions,
  MessageIdempotencyOptions,
} from './options.js';
import { checkSettings, chosen, mustName, named, storeFor, termsOf } from './settings.js';

const A_DAY = 86_400_000;

/** The options of both kinds together, as they are read. */
type AnyOptions = HttpIdempotencyOptions<never, never> & MessageIdempotencyOptions<never, never>;
type Loose = { readonly [Name in keyof AnyOptions]?: AnyOptions[Name] };

/**
 * Runs the inner layers and the handler once per key, among all instances that share the store, and gives duplicates
 * the outcome of that run. Delivery is at least once, and so is a handler: if one crashes half-way, another runs it
 * again. This layer makes sure that no two run at once and that a completed run is not repeated until `retention` is
 * over, and it adds a `fence`.
 *
 * An HTTP response is replayed as it was, with `Idempotency-Replayed: true`; after a 5xx, 408 or 429 the key is free
 * for the next try. A duplicate of a running request gets a 409 with `Retry-After`, and a key that was used for another
 * request a 422. A message's duplicate is acked once the message is done, and redelivered until then. A message's
 * errors are not stored: it is redelivered.
 *
 * Adds `context.idempotency`, see {@link Idempotency}. If there is no deadline, or with `lease`, `context.signal`
 * aborts when another owner has taken over.
 *
 * @throws FunctionError `misconfigured` if an option is invalid.
 * @example
 * ```ts
 * import { defineFunction, http, json, queue } from '@tradewind/core';
 * import { idempotency, idempotencyKeyHeader, memoryStore } from '@tradewind/idempotency';
 * import { z } from 'zod';
 *
 * const store = memoryStore();
 * const Order = z.object({ orderId: z.string() });
 *
 * export const placeOrder = defineFunction('place-order', http({ method: 'POST', path: '/orders', body: Order }))
 *   .use(idempotency({ store, key: idempotencyKeyHeader(), scope: ({ headers }) => String(headers.get('authorization')) }))
 *   .handle(({ body }) => json(202, { id: body.orderId }));
 *
 * export const charge = defineFunction('charge', queue({ queue: 'orders', data: Order }))
 *   .use(idempotency({ store, key: ({ data }) => data.orderId }))
 *   .handle(({ data }, { idempotency, log }) => log.info('Charging.', { ...data, fence: idempotency.fence }));
 * ```
 */
export function idempotency<
  Event extends AnyEvent,
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  Ctx extends Context<any>,
>(options: IdempotencyOptions<Event, Ctx>): Layer<Event, Ctx, { readonly idempotency: IdempotencyOf<Event> }> {
  const guard = new Guard(options as unknown as Loose);
  return ((event: AnyEvent, context: InvocationContext, next: Next) => guard.run(event, context, next)) as never;
}

/** @throws FunctionError `misconfigured` without what an HTTP function must have. */
function mustBeComplete(
  key: Loose['key'],
  scope: Loose['scope'],
  who: string,
): Pick<Required<AnyOptions>, 'key' | 'scope'> {
  if (!key) throw misconfigured(`${who} needs a \`key\`, see idempotencyKeyHeader().`);
  if (!scope) throw misconfigured(`${who} needs a \`scope\`, which says whose key it is, or 'global'.`);
  return { key, scope };
}

/** A layer's options and state that outlast an event. */
class Guard {
  readonly #options: Loose;
  readonly #running: Running = new Map();

  constructor(options: Loose) {
    checkSettings('idempotency', options, ['scope']);
    const { key, scope, wait } = options;
    // A layer does not know its function. These options are for HTTP functions alone, which need both others.
    if (readsHeader(key) || scope || wait) mustBeComplete(key, scope, 'idempotency(...): an HTTP function');
    this.#options = options;
  }

  run(event: AnyEvent, context: InvocationContext, next: Next): Promise<Result> {
    if ('messages' in event) return this.#batch(event, context, next as NextWith);
    return 'method' in event ? this.#request(event, context, next) : this.#message(event, context, next);
  }

  async #request(event: HttpEvent, context: InvocationContext, next: Next): Promise<Result> {
    const { fingerprint, wait = 0 } = this.#options;
    const { key, scope } = mustBeComplete(
      this.#options.key,
      this.#options.scope,
      `idempotency(...): '${context.functionName}' is an HTTP function, which only a request shows. It`,
    );
    const chosenKey = key(event as never, context as never) as string | undefined;
    // The inner layers always get a key; this random one has no duplicates.
    if (chosenKey === undefined) return next({ idempotency: ungranted(crypto.randomUUID()) });
    const owner = scope === 'global' ? scope : scope(event as never, context as never);
    return answered(
      await once<Result>({
        ...this.#common(event, context, next),
        key: await named(context.functionName, mustName(owner, 'scope'), mustName(chosenKey, 'key')),
        fingerprint: await (fingerprint === undefined ? ofRequest(event) : chosen(fingerprint, event as never)),
        terms: termsOf(this.#options, A_DAY),
        wait,
        keep: keepAnswer,
        keepError,
      }),
    );
  }

  async #message(event: CloudEvent, context: InvocationContext, next: Next): Promise<Result> {
    return delivered(await once<Result>(await this.#workOf(event, context, next)));
  }

  #batch({ messages }: QueueBatch, context: InvocationContext, next: NextWith): Promise<Result> {
    return inBatch(messages, (message, join) => this.#workOf(message, context, join), context, next);
  }

  async #workOf(event: CloudEvent, context: InvocationContext, next: Next): Promise<Work<Result>> {
    const { key, fingerprint } = this.#options;
    const parts = key ? [mustName(key(event as never, context as never), 'key')] : [event.source, event.id];
    return {
      ...this.#common(event, context, next),
      key: await named(context.functionName, ...parts),
      fingerprint: await (fingerprint === undefined ? (key ? ofData(event) : '') : chosen(fingerprint, event as never)),
      // A queue keeps a message for up to 14 days.
      terms: termsOf(this.#options, 15 * A_DAY),
      wait: 0,
      keep: (result, max) => ({ value: result, outcome: keepValue(done(result.value), max) }),
      // An error is not stored: the message is redelivered, and a fix in between must have an effect.
      keepError: () => undefined,
    };
  }

  #common(
    event: AnyEvent,
    context: InvocationContext,
    next: Next,
  ): Pick<Work<Result>, 'store' | 'around' | 'running' | 'failOpen' | 'refusesTakeover' | 'run'> {
    const { store, failOpen = false, onTakeover } = this.#options;
    return {
      store: storeFor(store as never, context, context),
      around: context,
      // On Workers a request must not wait for work that another request started.
      running: context.platform === 'cloudflare' ? undefined : this.#running,
      failOpen,
      refusesTakeover: onTakeover === 'refuse',
      run: async (granted, lost) => {
        if (granted.claim === 'takeover' && typeof onTakeover === 'function') {
          const recovered = await onTakeover(event as never, context.extend({ idempotency: granted }) as never);
          if (isResult(recovered)) return 'method' in event ? recovered.with(toHttpResult(recovered.value)) : recovered;
          if (recovered !== undefined) {
            const came = describe(recovered);
            throw new FunctionError(
              'internal',
              `idempotency(...): \`onTakeover\` must return reply(...) or undefined; it returned ${came}.`,
            );
          }
        }
        return next(added(granted, lost, context));
      },
    };
  }
}

function added(idempotency: Idempotency, lost: (() => AbortSignal) | undefined, context: InvocationContext): object {
  return lost ? { idempotency, signal: AbortSignal.any([context.signal, lost()]) } : { idempotency };
}
