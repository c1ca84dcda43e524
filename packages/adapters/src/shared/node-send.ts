import type { ServerResponse } from 'node:http';
import { type FinalResult, isStream } from '@tradewind/core/adapter';
import { hasUnread } from './node-body.js';
import { cutOff } from './node-leaving.js';
import type { NodeRequestEvent } from './node-request.js';
import { checkUnread, chunksOf } from './node-stream.js';

/** In bytes: what is written at once. Then the client must have taken most of it before more is written. */
const PIECE = 65_536;

/**
 * Sends a response. Rejects if it fails midway: the connection is destroyed then, to show that the response is
 * incomplete. A client that leaves is not a failure.
 *
 * @param patience - how long a client may take to accept 64 KiB, in ms. After that, the connection is destroyed.
 */
export async function writeAnswer(
  result: FinalResult,
  { response, method }: Pick<NodeRequestEvent, 'response' | 'method'>,
  patience: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  checkUnread(result);
  const { status, headers, cookies } = result;
  // As bytes: Node would encode the headers before a text as it encodes the text, and not as Latin-1.
  const body = typeof result.body === 'string' ? Buffer.from(result.body) : result.body;
  const isHead = method === 'HEAD';
  // A client that has gone already gets nothing, and a stream for it is not started.
  if ((isHead || response.destroyed) && isStream(body)) body.cancel().catch(() => {});
  if (response.destroyed) return;
  const all: Record<string, string | readonly string[]> = { ...headers };
  if (cookies.length > 0) all['set-cookie'] = cookies;
  // The unread rest of a body is not read: the connection closes after the response.
  if (hasUnread(response.req)) all.connection = 'close';
  const length = lengthOf(status, body, isHead);
  if (length !== undefined) all['content-length'] = String(length);
  response.writeHead(status, all as Record<string, string | string[]>);
  if (isHead || body === undefined) return void response.end();
  if (isStream(body)) await sendStream(body, response, patience);
  else if (body.length > PIECE) await send(body, response, patience);
  else return void response.end(body);
  if (response.destroyed) return;
  response.end();
  await taken(response, 'finish', patience);
}

/** The length to declare (RFC 9110, 8.6): to HEAD the one of the response to GET, if it is known, and to 304 none. */
function lengthOf(
  status: number,
  body: Uint8Array | ReadableStream<Uint8Array> | undefined,
  isHead: boolean,
): number | undefined {
  if (isStream(body) || status === 204 || status === 304) return undefined;
  return body === undefined && isHead ? undefined : (body?.length ?? 0);
}

async function sendStream(body: ReadableStream<Uint8Array>, response: ServerResponse, patience: number): Promise<void> {
  const { chunks, cancel } = chunksOf(body);
  // A stream may be idle for long: without this, it would notice a disconnected client at its next chunk.
  response.once('close', cancel);
  try {
    for await (const chunk of chunks) await send(chunk, response, patience);
  } catch (error) {
    cutOff(response);
    throw error;
  }
}

async function send(bytes: Uint8Array, response: ServerResponse, patience: number): Promise<void> {
  for (let at = 0; at < bytes.length && !response.destroyed; at += PIECE) {
    if (!response.write(bytes.subarray(at, at + PIECE))) await taken(response, 'drain', patience);
  }
}

/** Waits until the client has taken what was written, or has left. */
function taken(response: ServerResponse, event: 'drain' | 'finish', patience: number): Promise<void> {
  // Of a response that is gone or finished, no event comes.
  if (response.destroyed || response.writableFinished) return Promise.resolve();
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      if (patience < Number.POSITIVE_INFINITY) timer = setTimeout(end, patience);
    };
    // Without a socket, an earlier response on the connection comes first: this client does not keep anything waiting.
    const end = (): void =>
      response.socket ? cutOff(response, 'The client took too long to accept the response.') : wait();
    const done = (): void => {
      clearTimeout(timer);
      response.off(event, done).off('close', done);
      resolve();
    };
    response.once(event, done).once('close', done);
    wait();
  });
}
