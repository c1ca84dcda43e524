import type { Clock } from '../context/clock.js';
import { InvocationContext } from '../context/context.js';
import { Invocation } from '../context/invocation.js';
import { type Wiring, wired } from '../delivery/wiring.js';
import { checkOptions } from '../errors.js';
import { checkFunction } from '../function/check.js';
import type { AnyFunction } from '../function/define.js';
import type { BodySource } from '../http/body.js';
import { HttpRequestEvent } from '../http/event.js';
import type { FakeRequest } from './fakes.js';

/** Options of `invoke`, `deliver` and `deliverBatch`. */
export interface InvokeOptions {
  /** The environment that `.env(schema)` validates. Default: empty, whatever the process has. */
  readonly env?: Readonly<Record<string, unknown>>;
  /** In ms since the epoch. Default: none. */
  readonly deadline?: number;
  /** Default: `'test'`. */
  readonly invocationId?: string;
  /** Default: 1. */
  readonly deliveryAttempt?: number;
  /** Default: the real clock. */
  readonly clock?: Clock;
  readonly native?: unknown;
  /** Transports and providers of variables, as in `on(fn, { ... })`. Default: none. */
  readonly wiring?: Wiring;
}

const NAMES = ['env', 'deadline', 'invocationId', 'deliveryAttempt', 'clock', 'native', 'wiring'];

/** The context of a test's invocation. */
export function fakeContext(fn: AnyFunction, event: unknown, options: InvokeOptions): InvocationContext<unknown> {
  checkOptions('invoke', options, NAMES);
  checkFunction(fn);
  const {
    env = {},
    deadline = Number.POSITIVE_INFINITY,
    invocationId: id = 'test',
    deliveryAttempt = 1,
    clock,
    native,
    wiring = {},
  } = options;
  const given = { id, deadline, env, native };
  return new FakeContext(new Invocation(wired(fn, wiring), event, given, clock), deliveryAttempt);
}

interface Given {
  readonly id: string;
  readonly deadline: number;
  readonly env: object;
  readonly native: unknown;
}

class FakeContext extends InvocationContext<Given> {
  get #given(): Given {
    return super.native.context;
  }
  get platform(): string {
    return 'test';
  }
  get invocationId(): string {
    return this.#given.id;
  }
  get rawEnv(): object {
    return this.#given.env;
  }
  override get platformDeadline(): number {
    return this.#given.deadline;
  }
  override get native(): never {
    return this.#given.native as never;
  }
}

/** The event of a fake request, as an adapter would make it. */
export class FakeRequestEvent extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly #request: FakeRequest;
  readonly #headers: Headers;
  constructor(request: FakeRequest) {
    super();
    this.#request = request;
    this.#headers = new Headers(request.headers.map(([name, value]): [string, string] => [name, value]));
    if (request.cookies.length > 0) this.#headers.set('cookie', request.cookies.join('; '));
    this.method = request.method;
    this.path = request.path;
  }
  search(): string {
    return this.#request.search;
  }
  header(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }
  pairs(): Iterable<[string, string]> {
    return this.#headers;
  }
  protected source(): BodySource {
    return this.#request.body;
  }
  protected override url(): string {
    const search = this.search();
    return `https://fake.test${this.path}${search && `?${search}`}`;
  }
}
