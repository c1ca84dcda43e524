import { deliver } from '../delivery/deliver.js';
import { done } from '../done.js';
import { mustBePositive } from '../errors.js';
import type { Kind, Trigger } from '../function/trigger.js';
import { mustBeSchema, type StandardSchema } from '../schema.js';
import { andThen } from '../thenable.js';
import { toDelivery } from './data.js';
import type { CloudEvent } from './event.js';
import { checkMessage } from './parse.js';

/** A trigger whose events a platform hands over one by one, each in an invocation of its own. */
export interface SingleTrigger<K extends Kind, Event, Input> extends Trigger<K, Event, Input> {
  readonly onReject: 'fail' | 'drop';
  // Here, so that an adapter for every kind carries them only where there is such a function.
  /** For adapters: an event as its function sees it. */
  readonly toDelivery: typeof toDelivery;
  /** For adapters: runs a function for the event of one invocation. */
  readonly deliver: typeof deliver;
}

/** What every such trigger can be given. */
export interface SingleOptions {
  /** The deadline in ms on a platform that has none of its own. Default: none. */
  readonly timeout?: number;
  /**
   * What becomes of a rejected event without a dead-letter sink: its invocation fails, as any failure does (`'fail'`), or
   * it is logged and forgotten (`'drop'`). Default: `'fail'`.
   */
  readonly onReject?: 'fail' | 'drop';
}

/** Makes such a trigger. */
export function single<K extends Kind, Event, Input>(
  kind: K,
  what: string,
  { timeout, onReject = 'fail' }: SingleOptions,
  schema?: StandardSchema,
): SingleTrigger<K, Event, Input> {
  mustBePositive(timeout, `timeout of ${what}`);
  mustBeSchema(schema, `The data of ${what}`);
  return {
    kind,
    timeout,
    onReject,
    finish: done,
    toDelivery,
    deliver,
    parse: (event: CloudEvent, context, go) => andThen(checkMessage(event, schema), go, context),
  };
}
