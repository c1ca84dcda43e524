import type { EnvProvider } from '../context/env-provider.js';
import { mustBe } from '../errors.js';
import type { AnyFunction } from '../function/define.js';
import type { Transport } from './transport.js';

/** What a function is given where it is deployed: the ways that its messages go, and where its variables come from. */
export interface Wiring {
  /** By the name of a variable: what fetches it, from a store of secrets. It is fetched only for `.env(...)`. */
  readonly env?: Readonly<Record<string, EnvProvider>>;
  /**
   * By the name of a queue or the type of an event: how messages get there. Which ones a function needs is for its
   * `sender`s to say.
   */
  readonly send?: Readonly<Record<string, Transport>>;
  /**
   * Where a rejected message goes: the event, why, which attempt it was and its trace. It is done only when the sink has
   * taken it. Without a sink its delivery fails, and the platform's redrive policy takes it in the end.
   */
  readonly deadLetter?: Transport;
  /** For a platform that cannot delay: a message to be retried later is sent again this way, and then done. */
  readonly redeliver?: Transport;
}

/** For adapters: a function and what it is given where it is deployed. The function itself stays as it is. */
export function wired<Fn extends AnyFunction>(fn: Fn, wiring: Wiring): Fn {
  mustBe('function', fn?.run, 'What on(...) is given first, a function that .handle(...) made: its run');
  for (const name in wiring?.env) mustBe('function', wiring.env[name]?.read, `The provider of ${name}: its read`);
  return { ...fn, settings: { ...fn.settings, wiring } };
}
