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

/** What can be counted of an invocation: a request, a message or a batch. */
export interface Measured extends End {
  readonly functionName: string;
  readonly platform: string;
  readonly invocationId: string;
  /** `http`, `pubsub` or `timer`, as in OpenTelemetry. */
  readonly trigger: 'http' | 'pubsub' | 'timer';
  /** In ms. */
  readonly duration: number;
  /** Whether this is the first invocation of its instance. In a batch, one message is. */
  readonly coldStart: boolean;
  readonly method?: string;
  readonly scheme?: 'http' | 'https';
  /** The function's path, if the request matches it. */
  readonly route?: string;
}

/** The number of events by name. */
export type Counted = ReadonlyMap<string, number>;

/** Receives the measurements. */
export interface Recorder {
  began?(invocationId: string): void;
  /** @returns what was observed meanwhile. */
  left?(invocationId: string): Counted | undefined;
  invoked(measured: Measured, context: InvocationContext, counted: Counted | undefined): void;
  /** Receives the packages' events, as they happen. */
  observed(event: Observed): void;
}

/** Each recorder gets every event once, however many layers use it. */
const listening = new WeakSet<Recorder>();
/** Recorders that have counted the instance's cold start. */
const warm = new WeakSet<Recorder>();

/** A layer that records each invocation, and the events during it. */
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
    const { invocationId } = invocation;
    safely(invocation, () => to.began?.(invocationId));
    let counted: Counted | undefined;
    return watched(event, invocation, next, {
      left() {
        counted = to.left?.(invocationId);
      },
      ended(end) {
        const duration = performance.now() - start;
        to.invoked({ ...about(event, invocation), coldStart: isFirst, duration, ...end }, invocation, counted);
      },
    });
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
      scheme: schemeOf(event, context),
      ...routeOf(event, context),
    };
  }
  return { ...common, trigger: kind === 'schedule' ? 'timer' : 'pubsub' };
}
