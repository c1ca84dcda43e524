import type { InputOf, OutputOf, PlainSchema, StandardSchema } from '../schema.js';
import type { CloudEvent } from './event.js';
import { type SingleOptions, type SingleTrigger, single } from './single.js';

/** Options of {@link event}. */
export interface EventOptions<Type extends string, Data extends StandardSchema> extends SingleOptions {
  /**
   * The event's type: EventBridge's `detail-type`, a CloudEvent's `type`. The platform's rule or subscription selects
   * the events; an event of another type is a wiring mistake and fails.
   */
  readonly type: Type;
  /** The schema of an event's data. An event that does not match is rejected, see `reject`. */
  readonly data?: Data;
}

/** A trigger for events of one type. */
export interface EventTrigger<Type extends string = string, Data extends StandardSchema = StandardSchema>
  extends SingleTrigger<'event', CloudEvent<OutputOf<Data>>, InputOf<Data>> {
  readonly type: Type;
  readonly data?: Data;
}

/**
 * A trigger for events of a bus or a broker. Each is a CloudEvent and is delivered at least once.
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
export function event<const Type extends string, Data extends StandardSchema = StandardSchema>(
  options: EventOptions<Type, Data>,
): EventTrigger<Type, PlainSchema<Data>>;
export function event(options: EventOptions<string, StandardSchema>): EventTrigger {
  const { type, data } = options;
  const what = `event(...) for '${type}'`;
  return { ...options, ...single<'event', CloudEvent, unknown>('event', what, options, data) };
}
