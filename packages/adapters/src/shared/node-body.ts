import type { IncomingMessage, ServerResponse } from 'node:http';
import { FunctionError } from '@tradewind/core';
import { checkSize, type RawBody } from '@tradewind/core/adapter';

/** Whether a message has a body, possibly an empty one. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** Whether a message has a body that is not completely read. */
export function hasUnread(message: IncomingMessage): boolean {
  return !message.readableEnded && hasBody(message);
}

const asking = new WeakMap<IncomingMessage, ServerResponse>();

/** Makes a client that asks before it sends its body (`Expect: 100-continue`) wait until somebody reads it. */
export function askFirst(message: IncomingMessage, response: ServerResponse): void {
  asking.set(message, response);
}

function letCome(message: IncomingMessage): void {
  const response = asking.get(message);
  asking.delete(message);
  if (response && !response.headersSent) response.writeContinue();
}

/** Receives a body: its chunks, and then either its end or why it has none. */
interface Receiver {
  data(chunk: Buffer): void;
  end(): void;
  fail(error: FunctionError): void;
}

/**
 * Reads a body with events instead of a loop: leaving a loop early would destroy the connection before the response is
 * sent. What is past is reported too, because a client may have left while a layer was waiting.
 *
 * @returns what stops the reading.
 */
function receive(message: IncomingMessage, { data, end, fail }: Receiver): () => void {
  const stop = (): void => {
    message.off('data', data).off('end', ended).off('error', left).off('close', left).pause();
  };
  const ended = (): void => {
    stop();
    end();
  };
  // The function is not at fault.
  const left = (cause?: unknown): void => {
    stop();
    const what = message.complete
      ? 'The client left before its body was read.'
      : 'The request ended before its whole body was received.';
    fail(new FunctionError('bad_request', what, { cause }));
  };
  if (message.readableEnded) fail(new FunctionError('internal', 'The body of the request can be read only once.'));
  else if (message.destroyed) left();
  else message.on('data', data).once('end', ended).once('error', left).once('close', left);
  return stop;
}

/** Reads a whole body, at most `limit` bytes of it. */
export function readAll(message: IncomingMessage, limit: number): Promise<RawBody> {
  letCome(message);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = receive(message, {
      data(chunk) {
        size += chunk.length;
        chunks.push(chunk);
        try {
          checkSize(size, limit);
        } catch (error) {
          stop();
          reject(error);
        }
      },
      // A copy, because other platforms give a Uint8Array, and a Buffer may share its memory with other Buffers.
      end: () => resolve(size === 0 ? undefined : new Uint8Array(Buffer.concat(chunks))),
      fail: reject,
    });
  });
}

/**
 * A body as a web stream. Node's own conversion would end it at once if the client has left already, as if there were
 * no body, and would fail it with an error that looks like the function's.
 */
export function streamOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = receive(message, {
          data(chunk) {
            message.pause();
            controller.enqueue(new Uint8Array(chunk));
          },
          end: () => controller.close(),
          fail: (error) => controller.error(error),
        });
        message.pause();
      },
      pull() {
        letCome(message);
        message.resume();
      },
      cancel: () => stop(),
    },
    // Reads nothing ahead.
    { highWaterMark: 0 },
  );
}
