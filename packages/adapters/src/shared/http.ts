import type { AnyFunction, HttpResult, HttpTrigger } from '@tradewind/core';
import {
  type Awaitable,
  andThen,
  type FinalResult,
  finalizeHttp,
  followed,
  type HttpRequestEvent,
  type InvocationContext,
  isStream,
  recoverHttp,
} from '@tradewind/core/adapter';

/** Turns a result into the platform's response. Made once, and used for every request. */
export type Close<Request> = (result: HttpResult, request: Request, context: InvocationContext) => unknown;

type Encode<Request> = (result: FinalResult, request: Request) => unknown;

/** Reads a whole stream, for a platform that cannot stream responses. */
export type Gather = (stream: ReadableStream<Uint8Array>, context: InvocationContext) => Promise<Uint8Array>;

/** Finalises a result, ends the invocation, and encodes the result. */
export function closing<Request extends HttpRequestEvent>(
  encode: Encode<Request>,
  gather?: Gather,
  method?: string,
): Close<Request> {
  return (result, request, context) => {
    const final = finalizeHttp(result, method ?? request.method, context);
    return gather && isStream(final.body)
      ? gathered(gather(final.body, context), final, request, context, encode)
      : closed(final, request, context, encode);
  };
}

// Separate functions, because a function that may create a closure pays for it even if it does not.
function gathered<Request extends HttpRequestEvent>(
  body: Promise<Uint8Array>,
  final: FinalResult,
  request: Request,
  context: InvocationContext,
  encode: Encode<Request>,
): Promise<unknown> {
  return body.then(
    (whole) => closed({ ...final, body: whole }, request, context, encode),
    (error) => closed(recovered(error, request, context), request, context, encode),
  );
}

function closed<Request extends HttpRequestEvent>(
  final: FinalResult,
  request: Request,
  context: InvocationContext,
  encode: Encode<Request>,
): unknown {
  if (!context.open) return encoded(final, request, context, encode);
  const { body } = final;
  return context.isWatched && isStream(body)
    ? afterEnd(context.end(true), { ...final, body: followed(body, context) }, request, context, encode)
    : afterEnd(context.end(), final, request, context, encode);
}

function afterEnd<Request extends HttpRequestEvent>(
  end: Promise<void>,
  final: FinalResult,
  request: Request,
  context: InvocationContext,
  encode: Encode<Request>,
): Promise<unknown> {
  return end.then(() => encoded(final, request, context, encode));
}

/** Encodes a result. One that cannot be encoded, because its stream fails or was already read, becomes a logged 500. */
function encoded<Request extends HttpRequestEvent>(
  final: FinalResult,
  request: Request,
  context: InvocationContext,
  encode: Encode<Request>,
): unknown {
  try {
    const answer = encode(final, request);
    return answer instanceof Promise ? orElse(answer, request, context, encode) : answer;
  } catch (error) {
    return failed(error, request, context, encode);
  }
}

function orElse<Request extends HttpRequestEvent>(
  answer: Promise<unknown>,
  request: Request,
  context: InvocationContext,
  encode: Encode<Request>,
): Promise<unknown> {
  return answer.catch((error) => failed(error, request, context, encode));
}

function failed<Request extends HttpRequestEvent>(
  error: unknown,
  request: Request,
  context: InvocationContext,
  encode: Encode<Request>,
): unknown {
  const final = recovered(error, request, context);
  return context.isWatched ? context.answered().then(() => encode(final, request)) : encode(final, request);
}

function recovered(error: unknown, { method }: HttpRequestEvent, context: InvocationContext): FinalResult {
  context.keepFault(error);
  return finalizeHttp(recoverHttp(error, context), method, context);
}

/** Runs an HTTP function for one request. */
export function serve<Request extends HttpRequestEvent>(
  fn: AnyFunction,
  request: Request,
  context: InvocationContext,
  close: Close<Request>,
): unknown {
  const { match, maxBodySize } = fn.trigger as HttpTrigger;
  request.match = match;
  request.maxBodySize = maxBodySize;
  return andThen(fn.run(request, context) as Awaitable<HttpResult>, close, request, context);
}

/** Joins the values of a header. */
export function joined(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}
