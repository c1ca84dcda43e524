import { type Context, InvocationContext } from '../context/context.js';
import { checkOptions, misconfigured } from '../errors.js';
import type { TriggerBase } from '../function/trigger.js';
import { isBytes } from '../http/result.js';
import { toJson } from '../json.js';
import type { CloudEvent } from '../messages/event.js';
import { traceOf } from './trace.js';
import { sendBy, type Transport } from './transport.js';

/** Options of a sent message. */
export interface SendOptions {
  /** The message's id. Default: a random one. If the same message may be sent twice, use the same id both times. */
  readonly id?: string;
  /** The message is delivered no sooner than this, in ms. Limited by the transport's longest delay. */
  readonly delay?: number;
  /** Messages of a group are delivered in order, if the transport has groups (SQS FIFO, Service Bus sessions). */
  readonly group?: string;
  readonly subject?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Sends messages to a function. */
export interface Sender<Data> {
  /** Resolves when the transport has accepted the message, and rejects if it may not have. */
  send(data: Data, options?: SendOptions): Promise<void>;
}

/** The destination of a function's messages: `queue` for a queue trigger, `type` for an event trigger. */
interface Destination {
  readonly queue?: string;
  readonly type?: string;
}

/**
 * Makes a sender that is typed by the receiving function's trigger: after a change of its schema, code that sends the
 * old data does not compile.
 *
 * @param to - the function that receives the messages: a `queue` or an `event` function. Events are sent with the type
 * of the function's trigger.
 * @param transport - sends the messages. Default: the transport that is configured for the queue name or event type
 * where the sending function is deployed: `on(placeOrder, { send: { orders: ..., 'order.shipped': ... } })`.
 * @returns a function from a context to its sender. `send` throws a FunctionError `misconfigured` if there is no
 * transport.
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
  to: { readonly name: string; readonly trigger: TriggerBase<'queue' | 'event', unknown, Input> },
  transport?: Transport,
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
): (context: Context<any>) => Sender<Input> {
  const { queue, type = 'tradewind.message' } = to.trigger as unknown as Destination;
  const destination = queue ?? type;
  return (context) => ({
    async send(data, options = {}) {
      checkOptions('send', options, ['id', 'delay', 'group', 'subject', 'extensions']);
      const { id = crypto.randomUUID(), delay, group, subject, extensions = {} } = options;
      // On the way it becomes JSON: what JSON would lose must not be sent as done.
      if (data !== undefined && !isBytes(data)) toJson(data);
      const inside = InvocationContext.bare(context);
      inside.isDetached = true;
      const by = transport ?? inside.wiring?.send?.[destination];
      if (!by) {
        throw misconfigured(
          `'${context.functionName}' sends to '${destination}', but has no transport for it: deploy it as on(${context.functionName}, { send: { '${destination}': ... } }), or pass { wiring: { send } } in a test.`,
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
