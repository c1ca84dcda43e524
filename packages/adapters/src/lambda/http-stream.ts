import { type FinalResult, isStream, misconfigured, scrubbed } from '@tradewind/core/adapter';
import { chunksOf } from '../shared/node-stream.js';
import { singles } from './http-request.js';
import type { LambdaContext, LambdaHandler } from './types.js';

/** The response stream of Lambda's runtime, a Node `Writable`. */
interface ResponseStream {
  readonly destroyed?: boolean;
  write(chunk: string | Uint8Array): boolean;
  end(done: () => void): void;
  once(event: 'drain' | 'error' | 'close', listener: (error?: unknown) => void): void;
}

/** What Lambda's runtime defines as the global `awslambda`. */
interface AwsLambda {
  streamifyResponse(
    handler: (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>,
  ): LambdaHandler;
  HttpResponseStream: { from(stream: ResponseStream, prelude: object): ResponseStream };
}

/**
 * Responds through Lambda's response stream. If the body fails midway, the invocation fails, so the body is not taken
 * as complete.
 */
export function streaming(run: (event: unknown, context: LambdaContext) => PromiseLike<FinalResult>): LambdaHandler {
  const { awslambda } = globalThis as unknown as { awslambda?: AwsLambda };
  if (!awslambda) {
    throw misconfigured("lambdaStream(...) works only in AWS Lambda's Node.js runtime, which provides awslambda.");
  }
  return awslambda.streamifyResponse(async (event, stream, context) => {
    const { status, headers, cookies, body } = await run(event, context);
    // A client that has gone already gets nothing, and its stream gives no events any more.
    if (stream.destroyed) return void (isStream(body) && body.cancel().catch(() => {}));
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: status, headers: singles(headers), cookies });
    await send(body, out).catch((error) => {
      throw scrubbed(error);
    });
  });
}

async function send(body: FinalResult['body'], out: ResponseStream): Promise<void> {
  const { chunks, cancel } = isStream(body) ? chunksOf(body) : { chunks: [body ?? ''], cancel() {} };
  let isGone = false;
  let broken: { error: unknown } | undefined;
  let go = (): void => {};
  const stop = (): void => {
    isGone = true;
    cancel();
    go();
  };
  out.once('error', (error) => {
    broken = { error };
    stop();
  });
  // A client that has gone may close it without an error.
  out.once('close', stop);
  const until = (start: (done: () => void) => void): Promise<void> =>
    new Promise<void>((resolve) => {
      go = resolve;
      start(resolve);
    });
  // Status and headers are sent with the first write, so there must be one.
  if (isStream(body)) out.write('');
  for await (const chunk of chunks) {
    if (isGone) break;
    if (!out.write(chunk)) await until((done) => out.once('drain', done));
  }
  if (!isGone) await until((done) => out.end(done));
  if (broken) throw broken.error;
}
