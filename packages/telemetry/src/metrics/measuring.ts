import {
  type AnyEvent,
  type BeforeParsing,
  beforeParsing,
  type Context,
  type Observed,
  observe,
} from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import type { End } from '../end.js';
import { knownMethod, routeOf, schemeOf } from '../request.js';
import { safely } from '../safely.js';
import { watched } from '../watched.js';

/** What there is to count of an invocation: a request, a message, a batch. */
export interface Measured extends End {
  readonly functionName: string;
  readonly platform: string;
  readonly invocationId: string;
  /** `http`, `pubsub` or `timer`, as OpenTelemetry has it. */
  readonly trigger: 'http' | 'pubsub' | 'timer';
  /** In ms. */
  readonly duration: number;
  /** Whether it is the first of its instance: of the messages of a batch one is. */
  readonly coldStart: boolean;
  readonly method?: string;
  readonly scheme?: 'http' | 'https';
  /** The function's path, where it is the request's. */
  readonly route?: string;
}

/** Where counts go. */
export interface Recorder {
  began?(invocationId: string): void;
  invoked(measured: Measured, context: InvocationContext): void;
  /** What packages tell of, as it happens. */
  observed(event: Observed): void;
}

/** Each hears of everything once, in however many layers it is. */
const listening = new WeakSet<Recorder>();
/** Those that have counted the start of the instance. */
const warm = new WeakSet<Recorder>();

/** A layer that has each invocation recorded, and what is observed meanwhile. */
// biome-ignore lint/complexity/noBannedTypes: adds nothing
export function measuring(recorder: () => Recorder | undefined): BeforeParsing<AnyEvent, Context, {}> {
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<object, AnyEvent, Context<any>>((event, context, next) => {
    const invocation = context as InvocationContext;
    const to = safely(invocation, recorder);
    if (!to) return next();
    if (!listening.has(to)) {
      listening.add(to);
      observe((what) => to.observed(what));
    }
    const start = performance.now();
    const isFirst = invocation.coldStart && !warm.has(to);
    warm.add(to);
    safely(invocation, () => to.began?.(invocation.invocationId));
    return watched(event, invocation, next, (end) =>
      to.invoked(
        { ...about(event, invocation), coldStart: isFirst, duration: performance.now() - start, ...end },
        invocation,
      ),
    );
    // biome-ignore lint/complexity/noBannedTypes: adds nothing
  }) as BeforeParsing<AnyEvent, Context, {}>;
}

function about(event: AnyEvent, context: InvocationContext): Omit<Measured, 'duration' | 'coldStart'> {
  const { functionName, platform, invocationId } = context;
  const { kind } = context.trigger;
  const common = { functionName, platform, invocationId };
  if ('method' in event) {
    return {
      ...common,
      trigger: 'http',
      method: knownMethod(event.method),
      scheme: schemeOf(event),
      ...routeOf(event, context),
    };
  }
  return { ...common, trigger: kind === 'schedule' ? 'timer' : 'pubsub' };
}
