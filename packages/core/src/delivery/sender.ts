import { type Context, InvocationContext } from '../context/context.js';
import { misconfigured } from '../errors.js';
import type { TradewindFunction } from '../function/define.js';
import type { CloudEvent } from '../messages/event.js';
import { traceOf } from './trace.js';
import { sendBy, type Transport } from './transport.js';

/** What a sender may say beside the data. */
export interface SendOptions {
  /** The message's id. Default: a random one. A sender that may run twice gives the same one both times. */
  readonly id?: string;
  /** In ms: the message is to be delivered no sooner. A transport keeps it up to its own longest delay. */
  readonly delay?: number;
  /** Messages of one group are delivered in order, where the transport has groups (SQS FIFO, Service Bus sessions). */
  readonly group?: string;
  readonly subject?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Sends what a function takes. */
export interface Sender<Data> {
  /** Resolves when the transport has taken the message, and rejects where it may not have. */
  send(data: Data, options?: SendOptions): Promise<void>;
}

/** What a sender needs to know of the function that it sends to: a queue trigger has the one, an event trigger the other. */
interface Destination {
  readonly queue?: string;
  readonly type?: string;
}

/**
 * A sender to a function, typed by its trigger: change the schema, and what sends to it fails to compile.
 *
 * @param to - the function that takes the messages: a `queue` function, or an `event` function, to which goes what has the
 * type that it waits for.
 * @param transport - how they get there. Default: what the sending function was given for the queue's name, or for the
 * event's type, where it is deployed, `on(placeOrder, { send: { orders: ..., 'order.shipped': ... } })`, so that the
 * function knows no platform.
 * @returns for a context the sender. Its `send` throws a FunctionError `misconfigured` where there is no transport.
 * @example
 * ```ts
 * import { defineFunction, http, json, queue, sender } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * const Order = z.object({ orderId: z.string() });
 * export const charge = defineFunction('charge', queue({ queue: 'orders', data: Order })).handle(() => {});
 * const orders = sender(charge);
 * export const place = defineFunction('place', http({ method: 'POST', path: '/orders', body: Order })).handle(
 *   async ({ body }, context) => {
 *     await orders(context).send(body);
 *     return json(202, { orderId: body.orderId });
 *   },
 * );
 * ```
 */
export function sender<Input>(
  to: TradewindFunction<'queue' | 'event', unknown, Input>,
  transport?: Transport,
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
): (context: Context<any>) => Sender<Input> {
  const { queue, type = 'tradewind.message' } = to.trigger as unknown as Destination;
  const destination = queue ?? type;
  return (context) => ({
    async send(data, { id = crypto.randomUUID(), delay, group, subject, extensions = {} } = {}) {
      const inside = InvocationContext.bare(context);
      const by = transport ?? inside.wiring?.send?.[destination];
      if (!by) {
        throw misconfigured(
          `'${context.functionName}' sends to '${destination}' and was given no way there: deploy it as on(${context.functionName}, { send: { '${destination}': ... } }), or pass { send } in a test.`,
        );
      }
      const { traceparent, tracestate, extensions: carried } = traceOf(context) ?? {};
      const event: CloudEvent = {
        id,
        source: `/tradewind/${context.functionName}`,
        type,
        time: new Date(inside.now()).toISOString(),
        subject,
        traceparent,
        tracestate,
        extensions: { ...carried, ...extensions },
        data,
      };
      await sendBy(by, event, { delay, group }, inside, 'send');
    },
  });
}
