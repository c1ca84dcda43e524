import { isDeepStrictEqual } from 'node:util';
import type { AnyFunction, CloudEvent, HttpResult, HttpTrigger, QueueTrigger, Wiring } from '@tradewind/core';
import { type Awaitable, andThen, wired } from '@tradewind/core/adapter';
import { type FakeEvent, type FakeFor, type FakeRequest, resolveRequest } from '@tradewind/core/testing';
import { cloudflare } from '../cloudflare/index.js';
import type { WorkersBatch } from '../cloudflare/types.js';
import { lambda } from '../lambda/index.js';
import type { LambdaContext, SqsBatchResponse } from '../lambda/types.js';
import { type ClientView, fromLambda, fromResponse } from './answers.js';
import { toAlb, toApiGatewayV1, toApiGatewayV2, toSqsRecord } from './lambda.js';

/** Every platform, and each form of event of one that has several. */
export type PlatformName = 'lambda' | 'lambda:rest-api' | 'lambda:alb' | 'lambda:alb-multi-value' | 'cloudflare';

/** What came of an event on one platform. */
export interface PlatformReport {
  /** Whether the platform can hand over this event: it may lack the kind, or, as `lambda:alb`, repeated query names. */
  readonly supported: boolean;
  /**
   * `answered` for HTTP, `failed` where the invocation did; for a message whether it is done (`ack`), comes again (`retry`), or does so after a while
   * (`retryLater`); for a batch that of each message, with a space between.
   */
  readonly outcome: string | undefined;
  /** What an HTTP client sees; undefined for a message. */
  readonly value: ClientView | undefined;
  /** What the function's schema gets of a message; of a batch a list. Undefined for HTTP. */
  readonly data: unknown;
  /** The platform's own answer, or the error with which it failed. */
  readonly native: unknown;
}

/** What came of an event on every platform. */
export interface EveryPlatform {
  readonly platforms: Readonly<Record<PlatformName, PlatformReport>>;
  /** Where platforms do not agree, in words; empty when they do. */
  readonly differences: readonly string[];
}

/** What the invocations have in common. */
export interface EveryPlatformOptions {
  /** The environment, on every platform. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: 1. */
  readonly deliveryAttempt?: number;
  /** The ways that messages go, as `on(fn, { ... })` gives them where the function is deployed. Default: none. */
  readonly wiring?: Pick<Wiring, 'send' | 'deadLetter'>;
}

type Run = (options: Required<EveryPlatformOptions>) => Promise<PlatformReport>;

/**
 * Runs a function with a fake event through every adapter, each with the event that its platform would send.
 *
 * The adapters run in this process; that the real runtimes agree with them is for this project's own tests. An answer
 * is checked against the trigger's `response` schema.
 *
 * @example
 * ```ts
 * import { everyPlatform } from '@tradewind/adapters/testing';
 * import { defineFunction, http } from '@tradewind/core';
 * import { fakeHttp } from '@tradewind/core/testing';
 *
 * const ping = defineFunction('ping', http({ method: 'GET', path: '/ping' })).handle(() => 'pong');
 * const { differences } = await everyPlatform(ping, fakeHttp());
 * console.log(differences); // []
 * ```
 */
export async function everyPlatform<F extends AnyFunction>(
  fn: F,
  event: FakeFor<F>,
  options: EveryPlatformOptions = {},
): Promise<EveryPlatform> {
  const { env = {}, deliveryAttempt = 1, wiring = {} } = options;
  const fake = event as FakeEvent<'http', unknown> | FakeEvent<'queue', unknown>;
  const faults: unknown[] = [];
  const runs =
    fake.kind === 'http' ? await httpRuns(wired(checked(fn, faults), wiring), fake) : queueRuns(fn, fake.messages);
  const platforms = {} as Record<PlatformName, PlatformReport>;
  for (const [name, run] of Object.entries(runs)) {
    platforms[name as PlatformName] = await run({ env, deliveryAttempt, wiring }).catch(failed);
    if (faults.length > 0) throw faults[0];
  }
  return { platforms, differences: compare(platforms) };
}

/** The function with its answers checked by its `response` schema, as `invoke` does it. */
function checked(fn: AnyFunction, faults: unknown[]): AnyFunction {
  const trigger = fn.trigger as HttpTrigger<unknown, unknown>;
  const checkResponse = async (result: HttpResult): Promise<never> => {
    try {
      return (await trigger.checkResponse(result)) as never;
    } catch (error) {
      faults.push(error);
      throw error;
    }
  };
  return {
    ...fn,
    run: (event, context, done = (result: HttpResult) => result) =>
      andThen(fn.run(event, context) as Awaitable<HttpResult>, (result) =>
        andThen(checkResponse(result), (ready) => done(ready, event as never, context)),
      ),
  };
}

/** The platform's own way to say that the invocation failed. */
function failed(error: unknown): PlatformReport {
  return { supported: true, outcome: 'failed', value: undefined, data: undefined, native: error };
}

const unsupported: Run = async () => ({ ...failed(undefined), supported: false, outcome: undefined });

/** A load balancer without multi-value headers hands over the last value of a name. */
function repeatsQuery({ search }: FakeRequest): boolean {
  const names = [...new URLSearchParams(search).keys()];
  return new Set(names).size < names.length;
}

async function httpRuns(fn: AnyFunction, fake: FakeEvent<'http', unknown>): Promise<Record<PlatformName, Run>> {
  const trigger = fn.trigger as HttpTrigger<unknown, unknown>;
  const request = await resolveRequest(trigger, fake);
  const onLambda =
    (event: () => object): Run =>
    (options) =>
      withEnv(options.env, async () => {
        const native = await lambda(fn)(fromWire(event()), lambdaContext());
        return answered(fromLambda(native), native);
      });
  return {
    lambda: onLambda(() => toApiGatewayV2(request, trigger)),
    'lambda:rest-api': onLambda(() => toApiGatewayV1(request, trigger)),
    'lambda:alb': repeatsQuery(request) ? unsupported : onLambda(() => toAlb(request, false)),
    'lambda:alb-multi-value': onLambda(() => toAlb(request, true)),
    cloudflare: async ({ env }) => {
      const native = (await onWorkers(fn).fetch(toRequest(request), env, workersContext())) as Response;
      return answered(await fromResponse(native.clone()), native);
    },
  };
}

function queueRuns(plain: AnyFunction, messages: readonly CloudEvent[]): Record<PlatformName, Run> {
  const { queue } = plain.trigger as unknown as { queue: string };
  return {
    lambda: ({ env, deliveryAttempt, wiring }) =>
      withEnv(env, async () => {
        const delayed = new Set<string>();
        // As with a client: what is compared is the function, not whether its deployment can delay.
        const visibility = {
          async changeMessageVisibility({ ReceiptHandle }: { ReceiptHandle: string }): Promise<void> {
            delayed.add(ReceiptHandle);
          },
        };
        const records = messages.map((message) => toSqsRecord(message, queue, deliveryAttempt));
        const { fn, seen } = watched(plain);
        const handler = lambda(wired(fn, { ...wiring, visibility } as Wiring));
        const native = (await handler(fromWire({ Records: records }), lambdaContext())) as SqsBatchResponse;
        const failed = new Set(native.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        return settled(
          messages.map(({ id }) => (failed.has(id) ? (delayed.has(`receipt-${id}`) ? 'retryLater' : 'retry') : 'ack')),
          seen,
          native,
        );
      }),
    'lambda:rest-api': unsupported,
    'lambda:alb': unsupported,
    'lambda:alb-multi-value': unsupported,
    cloudflare: async ({ env, deliveryAttempt, wiring }) => {
      const marks: (string | undefined)[] = messages.map(() => undefined);
      const batch: WorkersBatch = {
        queue,
        messages: messages.map(({ id, time, data }, index) => ({
          id,
          timestamp: new Date(Date.parse(time ?? '') || 0),
          body: structuredClone(data),
          attempts: deliveryAttempt,
          ack() {
            marks[index] ??= 'ack';
          },
          retry(options) {
            marks[index] ??= options ? 'retryLater' : 'retry';
          },
        })),
      };
      const { fn, seen } = watched(plain);
      await onWorkers(wired(fn, wiring)).queue(batch, env, workersContext());
      return settled(marks, seen, marks);
    },
  };
}

function settled(outcomes: readonly (string | undefined)[], seen: readonly unknown[], native: unknown): PlatformReport {
  const data = seen.length > 1 ? seen : seen[0];
  return { supported: true, outcome: outcomes.join(' '), value: undefined, data, native };
}

/** The function, and what its schema gets of each message. */
function watched(fn: AnyFunction): { readonly fn: AnyFunction; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const trigger = fn.trigger as unknown as QueueTrigger<unknown, unknown>;
  const checkItem = (event: CloudEvent): Awaitable<CloudEvent> => {
    seen.push(event.data);
    return trigger.checkItem(event);
  };
  const run: AnyFunction['run'] = (event, context) => {
    if (!trigger.isBatch) seen.push((event as CloudEvent).data);
    return fn.run(event, context);
  };
  return { fn: { ...fn, trigger: { ...trigger, checkItem } as never, run }, seen };
}

function answered(value: ClientView, native: unknown): PlatformReport {
  return { supported: true, outcome: 'answered', value, data: undefined, native };
}

/** Events come off the wire, so nothing but JSON reaches the adapter. */
function fromWire(event: object): object {
  return JSON.parse(JSON.stringify(event)) as object;
}

function lambdaContext(): LambdaContext {
  const end = Date.now() + 30_000;
  return { awsRequestId: 'fake', getRemainingTimeInMillis: () => end - Date.now() };
}

// biome-ignore lint/suspicious/noExplicitAny: the function's kind decides which handlers there are
function onWorkers(fn: AnyFunction): any {
  return cloudflare(fn);
}

function workersContext(): { waitUntil(work: Promise<unknown>): void } {
  return { waitUntil: () => {} };
}

function toRequest({ method, path, search, headers, cookies, body }: FakeRequest): Request {
  const all = cookies.length > 0 ? [...headers, ['cookie', cookies.join('; ')] as const] : headers;
  return new Request(`https://fake.workers.dev${path}${search && `?${search}`}`, {
    method,
    headers: all.map(([name, value]): [string, string] => [name, value]),
    body: method === 'GET' || method === 'HEAD' ? null : ((body ?? null) as BodyInit | null),
  });
}

let lambdaIsFree: Promise<unknown> = Promise.resolve();

/**
 * Lambda's environment is the process's: it is another one for the length of the call, and one call at a time. A new
 * object each time, because an environment is checked once per object.
 */
function withEnv<T>(env: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const turn = lambdaIsFree.then(async () => {
    const before = process.env;
    process.env = { ...before, ...env };
    try {
      return await run();
    } finally {
      process.env = before;
    }
  });
  lambdaIsFree = turn.catch(() => {});
  return turn;
}

function compare(platforms: Readonly<Record<PlatformName, PlatformReport>>): string[] {
  const supported = Object.entries(platforms).filter(([, report]) => report.supported);
  const [reference, ...others] = supported;
  if (!reference) return [];
  const [firstName, first] = reference;
  return others.flatMap(([name, report]) => {
    if (report.outcome !== first.outcome) return [`outcome: ${firstName} ${first.outcome}, ${name} ${report.outcome}`];
    if (!isDeepStrictEqual(report.data, first.data)) {
      return [`data: ${firstName} ${JSON.stringify(first.data)}, ${name} ${JSON.stringify(report.data)}`];
    }
    if (!first.value || !report.value) return [];
    const parts = ['status', 'headers', 'cookies', 'body'] as const;
    const [a, b] = [first.value, report.value];
    return parts
      .filter((part) => !isDeepStrictEqual(a[part], b[part]))
      .map((part) => `${part}: ${firstName} ${JSON.stringify(a[part])}, ${name} ${JSON.stringify(b[part])}`);
  });
}
