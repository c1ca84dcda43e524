import type { AnyFunction, HttpResult, HttpTrigger } from '@tradewind/core';
import {
  type FinalResult,
  finalizeHttp,
  type HttpRequestEvent,
  type InvocationContext,
  isStream,
  recoverHttp,
} from '@tradewind/core/adapter';

/** What becomes of a result: made once, for every request. */
export type Close<Request> = (result: HttpResult, request: Request, context: InvocationContext) => unknown;

type Encode<Request> = (result: FinalResult, request: Request) => unknown;

/** What a stream holds, for a platform whose answer has it as a whole. */
export type Gather = (stream: ReadableStream<Uint8Array>, context: InvocationContext) => Promise<Uint8Array>;

/** Makes a result ready to send, closes the invocation behind it, and encodes it. */
export function closing<Request extends HttpRequestEvent>(encode: Encode<Request>, gather?: Gather): Close<Request> {
  return (result, request, context) => {
    const final = finalizeHttp(result, request.method, context);
    return gather && isStream(final.body)
      ? gathered(gather(final.body, context), final, request, context, encode)
      : closed(final, request, context, encode);
  };
}

// Each on its own, because a function that may make a closure pays for it even when it makes none.
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
  return context.open
    ? afterEnd(context.end(), final, request, context, encode)
    : encoded(final, request, context, encode);
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

/** A result that cannot be encoded, because its stream fails or was read before, is a logged 500. */
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
  return encode(recovered(error, request, context), request);
}

function recovered(error: unknown, { method }: HttpRequestEvent, context: InvocationContext): FinalResult {
  context.keepUnsent(error);
  return finalizeHttp(recoverHttp(error, context), method, context);
}

/** Runs an HTTP function for one request. */
export function serve<Request extends HttpRequestEvent>(
  fn: AnyFunction,
  request: Request,
  context: InvocationContext,
  close: Close<Request>,
): unknown {
  request.match = (fn.trigger as HttpTrigger<unknown, unknown>).match;
  return fn.run(request, context, close);
}

/** Several values of a header as one. */
export function joined(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}
