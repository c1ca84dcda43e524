import type { Transport, TransportOptions } from '../delivery/transport.js';
import type { CloudEvent } from '../messages/event.js';

/** A transport that stores what is sent. */
export interface MemoryTransport extends Transport {
  /** The sent events, oldest first. */
  readonly sent: readonly { readonly event: CloudEvent; readonly options: TransportOptions }[];
}

/**
 * Makes a transport for tests, which stores what is sent and delivers nothing.
 *
 * @example
 * ```ts
 * import { defineFunction, http, queue, sender } from '@tradewind/core';
 * import { fakeHttp, invoke, memory } from '@tradewind/core/testing';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * const place = defineFunction('place', http({ method: 'POST', path: '/' })).handle((_event, context) =>
 *   sender(charge)(context).send({ orderId: '1' }),
 * );
 * const orders = memory();
 * await invoke(place, fakeHttp(), { wiring: { send: { orders } } });
 * console.log(orders.sent.length); // 1
 * ```
 */
export function memory(): MemoryTransport {
  const sent: { event: CloudEvent; options: TransportOptions }[] = [];
  return {
    sent,
    async send(event, options) {
      sent.push({ event, options });
    },
  };
}
