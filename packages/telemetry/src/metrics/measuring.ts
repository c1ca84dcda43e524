import {
  type AnyEvent,
  type BeforeParsing,
  beforeParsing,
  type Context,
  type HttpResult,
  isDeliverySignal,
  type Observed,
  observe,
  type Result,
} from '@tradewind/core';
import { batchResults, type InvocationContext, thrownBehind } from '@tradewind/core/adapter';
import { whenTooLate } from '../deadline.js';
import { nameOf } from '../error-name.js';
import { knownMethod } from '../methods.js';
import { safely } from '../safely.js';

/** What there is to count of an invocation: a request, a message, a batch. */
export interface Measured {
  readonly functionName: string;
  readonly platform: string;
  readonly invocationId: string;
  /** `http`, `pubsub` or `timer`, as OpenTelemetry has it. */
  readonly trigger: 'http' | 'pubsub' | 'timer';
  /** In ms. */
  readonly duration: number;
  readonly coldStart: boolean;
  /** Of a message; of a batch `retry` where one failed. */
  readonly outcome?: 'ack' | 'retry' | 'retryLater' | 'reject';
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  /** A FunctionError's code, another error's name, or the status of an answer that is the server's fault. */
  readonly error?: string;
}

type End = Pick<Measured, 'outcome' | 'status' | 'error'>;

/** Where counts go. */
export interface Recorder {
  began?(invocationId: string): void;
  invoked(measured: Measured): void;
  /** What packages tell of, as it happens. */
  observed(event: Observed): void;
}

/** Each hears of everything once, in however many layers it is. */
const listening = new WeakSet<Recorder>();

/** A layer that has each invocation recorded, and what is observed meanwhile. */
// biome-ignore lint/complexity/noBannedTypes: adds nothing
export function measuring(recorder: () => Recorder | undefined): BeforeParsing<AnyEvent, Context, {}> {
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<object, AnyEvent, Context<any>>((event, context, next) => {
    const to = safely(recorder);
    if (!to) return next();
    if (!listening.has(to)) {
      listening.add(to);
      observe((what) => to.observed(what));
    }
    const start = performance.now();
    const invocation = context as InvocationContext;
    safely(() => to.began?.(invocation.invocationId));
    let isOver = false;
    const record = (endOf: () => End): void => {
      if (isOver) return;
      isOver = true;
      // To count is no reason to fail.
      safely(() => to.invoked({ ...about(event, invocation), duration: performance.now() - start, ...endOf() }));
    };
    const stop = whenTooLate(event, invocation, () => record(() => late(event)));
    return next().then(
      (result) => {
        stop();
        record(() => endOf(event, invocation.functionName, result));
        return result;
      },
      (error) => {
        stop();
        record(() => failure(error));
        throw error;
      },
    );
    // biome-ignore lint/complexity/noBannedTypes: adds nothing
  }) as BeforeParsing<AnyEvent, Context, {}>;
}

function about(event: AnyEvent, context: InvocationContext): Omit<Measured, 'duration'> {
  const { functionName, platform, invocationId, coldStart } = context;
  const { kind, path } = context.trigger as { readonly kind: string; readonly path?: string };
  const common = { functionName, platform, invocationId, coldStart };
  if ('method' in event) {
    return {
      ...common,
      trigger: 'http',
      method: knownMethod(event.method),
      ...(path !== undefined && { route: path }),
    };
  }
  return { ...common, trigger: kind === 'schedule' ? 'timer' : 'pubsub' };
}

function endOf(event: AnyEvent, functionName: string, { value }: Result): End {
  if ('messages' in event) {
    const isFailed = batchResults(functionName, event.messages.length, value).some(
      ({ status }) => status === 'rejected',
    );
    return { outcome: isFailed ? 'retry' : 'ack' };
  }
  if (!('method' in event)) return { outcome: 'ack' };
  const result = value as HttpResult;
  const { status } = result;
  if (status < 500) return { status };
  const thrown = thrownBehind(result);
  return { status, error: thrown ? nameOf(thrown.error) : String(status) };
}

function failure(error: unknown): Pick<Measured, 'outcome' | 'error'> {
  if (!isDeliverySignal(error)) return { outcome: 'retry', error: nameOf(error) };
  const { outcome } = error;
  return outcome === 'reject' ? { outcome, error: outcome } : { outcome };
}

function late(event: AnyEvent): End {
  return 'method' in event ? { status: 504, error: 'timeout' } : { outcome: 'retry', error: 'timeout' };
}
