import { deliver } from '../delivery/deliver.js';
import { done } from '../done.js';
import { mustBePositive } from '../errors.js';
import type { Kind, TriggerBase } from '../function/trigger.js';
import type { StandardSchema } from '../schema.js';
import { toDelivery } from './data.js';
import { parseMessages } from './parse.js';

/** A trigger whose events are delivered one by one, each in its own invocation. */
export interface SingleTrigger<K extends Kind, Event, Input> extends TriggerBase<K, Event, Input> {
  readonly onReject: 'fail' | 'drop';
  // Part of the trigger, so that a bundle contains them only if a function uses them.
  /** For adapters: decodes an event for its function. */
  readonly toDelivery: typeof toDelivery;
  /** For adapters: runs a function for the event of one invocation. */
  readonly deliver: typeof deliver;
}

/** Options of every trigger for single events. */
export interface SingleOptions {
  /** The deadline in ms. An earlier deadline of the platform still applies. Default: the platform's, if it has one. */
  readonly timeout?: number;
  /**
   * What happens to a rejected event if there is no dead-letter sink: its invocation fails (`'fail'`), or the event is
   * logged and dropped (`'drop'`). Default: `'fail'`.
   */
  readonly onReject?: 'fail' | 'drop';
}

/** Makes a trigger for single events. */
export function single<K extends Kind, Event, Input>(
  kind: K,
  what: string,
  { timeout, onReject = 'fail' }: SingleOptions,
  schema?: StandardSchema,
): SingleTrigger<K, Event, Input> {
  mustBePositive(timeout, `${what}: \`timeout\``);
  return {
    kind,
    timeout,
    onReject,
    toDelivery,
    deliver,
    stages: { parse: parseMessages(schema), settle: done },
  };
}
