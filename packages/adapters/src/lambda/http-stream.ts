import { type FinalResult, misconfigured, scrubbed } from '@tradewind/core/adapter';
import { chunksOf } from '../shared/node-stream.js';
import { singles } from './http-request.js';
import type { LambdaContext, LambdaHandler } from './types.js';

/** The response stream of Lambda's runtime, a Node `Writable`. */
interface ResponseStream {
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
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: status, headers: singles(headers), cookies });
    // Status and headers are sent with the first write, so there must be one.
    if (body === undefined) out.write('');
    else if (typeof body === 'string' || body instanceof Uint8Array) out.write(body);
    else {
      await pump(body, out).catch((error) => {
        throw scrubbed(error);
      });
    }
    await new Promise<void>((resolve) => out.end(resolve));
  });
}

async function pump(body: ReadableStream<Uint8Array>, out: ResponseStream): Promise<void> {
  const { chunks, cancel } = chunksOf(body);
  let broken: { error: unknown } | undefined;
  let go = (): void => {};
  const stop = (): void => {
    cancel();
    go();
  };
  out.once('error', (error) => {
    broken = { error };
    stop();
  });
  // A client that has gone may close it without an error.
  out.once('close', stop);
  out.write('');
  for await (const chunk of chunks) {
    if (broken) throw broken.error;
    if (!out.write(chunk)) {
      await new Promise<void>((resolve) => {
        go = resolve;
        out.once('drain', () => resolve());
      });
    }
  }
  if (broken) throw broken.error;
}
