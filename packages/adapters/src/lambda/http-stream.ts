import { type FinalResult, misconfigured, scrubbed } from '@tradewind/core/adapter';
import { bytesOf } from '../shared/node-stream.js';
import { singles } from './http-request.js';
import type { LambdaContext, LambdaHandler } from './types.js';

/** The stream that Lambda's runtime gives; a Node `Writable`. */
interface ResponseStream {
  write(chunk: string | Uint8Array): boolean;
  end(done: () => void): void;
  once(event: 'drain' | 'error' | 'close', listener: (error?: unknown) => void): void;
}

/** What Lambda's runtime puts on the global object. */
interface AwsLambda {
  streamifyResponse(
    handler: (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>,
  ): LambdaHandler;
  HttpResponseStream: { from(stream: ResponseStream, prelude: object): ResponseStream };
}

/** Answers through Lambda's response stream. A body that fails half-way fails the invocation, so that nobody takes it for whole. */
export function streaming(run: (event: unknown, context: LambdaContext) => PromiseLike<FinalResult>): LambdaHandler {
  const { awslambda } = globalThis as unknown as { awslambda?: AwsLambda };
  if (!awslambda) {
    throw misconfigured("lambdaStream works only inside AWS Lambda's Node.js runtime, which brings awslambda.");
  }
  return awslambda.streamifyResponse(async (event, stream, context) => {
    const { status, headers, cookies, body } = await run(event, context);
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: status, headers: singles(headers), cookies });
    // Status and headers go out with the first write, so there has to be one.
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
  let broken: { error: unknown } | undefined;
  out.once('error', (error) => {
    broken = { error };
  });
  out.write('');
  for await (const chunk of bytesOf(body)) {
    if (broken) throw broken.error;
    if (!out.write(chunk)) {
      await new Promise<void>((resolve) => {
        out.once('drain', () => resolve());
        out.once('error', () => resolve());
        out.once('close', () => resolve());
      });
    }
  }
}
