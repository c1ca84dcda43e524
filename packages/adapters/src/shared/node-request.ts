import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FinalResult, HttpRequestEvent } from '@tradewind/core/adapter';
import { checkUnread, chunksOf } from './node-stream.js';

/** A request on a Node server, and its response. Subclasses define how the body is read. */
export abstract class NodeRequestEvent<Message extends IncomingMessage> extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly message: Message;
  readonly response: ServerResponse;
  readonly #search: string;

  constructor(message: Message, response: ServerResponse) {
    super();
    const { method = 'GET', url = '/' } = message;
    const mark = url.indexOf('?');
    this.message = message;
    this.response = response;
    this.method = method;
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.#search = mark === -1 ? '' : url.slice(mark + 1);
  }
  search(): string {
    return this.#search;
  }
  header(name: string): string | undefined {
    const { headers } = this.message;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }
  pairs(): Iterable<[string, string]> {
    return Object.keys(this.message.headers).map((name) => [name, this.header(name) ?? '']);
  }
  protected override url(): string {
    return super.url().replace(/^https/, 'http');
  }
}

/**
 * Sends a response. Rejects if it fails midway: the connection is destroyed then, to show that the response is
 * incomplete.
 */
export async function writeAnswer(
  result: FinalResult,
  { response }: { readonly response: ServerResponse },
): Promise<void> {
  checkUnread(result);
  const { status, headers, cookies, body } = result;
  const all: Record<string, string | readonly string[]> = { ...headers };
  if (cookies.length > 0) all['set-cookie'] = cookies;
  // The unread rest of a body is not read: the connection closes after the response.
  if (hasUnread(response.req)) all.connection = 'close';
  // A client that has gone already gets nothing, and a stream for it is not started.
  if (response.destroyed) return void (body instanceof ReadableStream && body.cancel().catch(() => {}));
  response.writeHead(status, all as Record<string, string | string[]>);
  if (body instanceof ReadableStream) {
    const { chunks, cancel } = chunksOf(body);
    // A stream may be idle for long: without this, it would notice a disconnected client at its next chunk.
    response.once('close', cancel);
    await pipeline(chunks, response).catch(unlessGone);
  } else {
    await new Promise<void>((resolve) => response.end(body, () => resolve()));
  }
}

/** Ignores a client that has disconnected, which is not a failure. The stream is already cancelled then. */
function unlessGone(error: unknown): void {
  if ((error as { readonly code?: unknown } | undefined)?.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

/** Whether a message has a body that is not completely read. */
export function hasUnread({ headers, readableEnded }: IncomingMessage): boolean {
  return !readableEnded && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined);
}

/** The unread body of a message. */
export function webStream(message: IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(message) as ReadableStream<Uint8Array>;
}
