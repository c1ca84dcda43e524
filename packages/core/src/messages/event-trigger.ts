import { mustBe } from '../errors.js';
import type { InputOf, OutputOf, StandardSchema } from '../schema.js';
import type { CloudEvent } from './event.js';
import { type SingleOptions, type SingleTrigger, single } from './single.js';

/** What `event(...)` is given. */
export interface EventOptions<Data extends StandardSchema> extends SingleOptions {
  /**
   * The event's type, as the platform calls it: EventBridge's `detail-type`, a CloudEvent's `type`. Which events come is
   * for the platform's own rule or subscription to say; one of another type is a wiring mistake and fails.
   */
  readonly type: string;
  /** What an event carries. One that does not fit is rejected, see `reject`. */
  readonly data?: Data;
}

/** Events of one type. */
export interface EventTrigger<Event, Input> extends SingleTrigger<'event', Event, Input> {
  readonly type: string;
}

/**
 * Events of a bus or a broker, each a CloudEvent, delivered at least once.
 *
 * @example
 * ```ts
 * import { defineFunction, event } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * export const shipped = defineFunction(
 *   'shipped',
 *   event({ type: 'order.shipped', data: z.object({ orderId: z.string() }) }),
 * ).handle(({ data }, { log }) => log.info('Shipped.', { orderId: data.orderId }));
 * ```
 */
export function event<Data extends StandardSchema = StandardSchema>({
  type,
  data,
  ...options
}: EventOptions<Data>): EventTrigger<CloudEvent<OutputOf<Data>>, InputOf<Data>> {
  mustBe('string', type, "An event's type");
  const what = `the events '${type}'`;
  return { ...single<'event', CloudEvent<OutputOf<Data>>, InputOf<Data>>('event', what, options, data), type };
}
