import type { HttpResult, Result } from '@tradewind/core';
import { type InvocationContext, misconfigured, recoverHttp } from '@tradewind/core/adapter';
import type { MiddyEvent } from './types.js';

/** What only Lambda knows of an invocation. */
const LAMBDA_ONLY = [
  'functionVersion',
  'invokedFunctionArn',
  'memoryLimitInMB',
  'logGroupName',
  'logStreamName',
] as const;

/** In ms: the longest time that a Lambda function has. */
const LONGEST = 900_000;

/** What middlewares see of an invocation: Lambda's own context on Lambda, elsewhere what there is of it. */
export class MiddyContext {
  /** What middlewares have added: preferred languages, what they have fetched. */
  // biome-ignore lint/suspicious/noExplicitAny: each adds something else
  [name: string]: any;
  readonly awsRequestId: string;
  readonly functionName: string;
  callbackWaitsForEmptyEventLoop = true;
  /** As a function of its own: middlewares call it without its context. */
  readonly getRemainingTimeInMillis: () => number;
  /** For fromMiddy: what the middlewares stand around, and what came of it. */
  readonly #invocation: InvocationContext;
  readonly #next: (event: MiddyEvent, context: MiddyContext) => Promise<Result>;
  #result: Result | undefined;
  #thrown: { readonly error: unknown } | undefined;

  constructor(context: InvocationContext, next: (event: MiddyEvent, context: MiddyContext) => Promise<Result>) {
    const { functionName, invocationId, platform, remaining, native } = context;
    if (platform === 'lambda') Object.assign(this, native.context);
    this.functionName = functionName;
    this.awsRequestId = invocationId;
    // As a whole number, which is stored and sent: where there is no end, what Lambda gives at most.
    this.getRemainingTimeInMillis = () => Math.min(Math.floor(remaining()), LONGEST);
    this.#invocation = context;
    this.#next = next;
    if (platform === 'lambda') return;
    for (const name of LAMBDA_ONLY) {
      // Not enumerable: who copies or logs a context asks for nothing.
      Object.defineProperty(this, name, {
        get() {
          throw misconfigured(
            `A middy middleware asks for context.${name}, which only Lambda has: this is ${platform}.`,
          );
        },
      });
    }
  }

  async run(
    event: MiddyEvent,
    thrownBehind: (result: HttpResult) => { readonly error: unknown } | undefined,
  ): Promise<HttpResult> {
    this.#result = await this.#next(event, this);
    const result = this.#result.value as HttpResult;
    this.#thrown = thrownBehind(result);
    return result;
  }
  /** The answer to an error that Tradewind knows. */
  answerTo(error: unknown): HttpResult {
    return recoverHttp(error, this.#invocation);
  }
  /** What the function gave, where it ran. */
  get result(): Result | undefined {
    return this.#result;
  }
  /** What it threw, where it did. */
  get thrown(): { readonly error: unknown } | undefined {
    return this.#thrown;
  }
}
