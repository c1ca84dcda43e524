import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { type BodySource, checkSize, type FinalResult, HttpRequestEvent, type RawBody } from '@tradewind/core/adapter';
import { readStream } from '../shared/stream.js';

/** HTTP on Node's own server. */
export const httpBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(message: IncomingMessage, response: ServerResponse): NodeRequest {
  return new NodeRequest(message, response);
}

/** A request on Node's own server, and where its answer goes. */
export class NodeRequest extends HttpRequestEvent {
  readonly method: string;
  readonly path: string;
  readonly response: ServerResponse;
  readonly #message: IncomingMessage;
  readonly #search: string;
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(message: IncomingMessage, response: ServerResponse) {
    super();
    const { method = 'GET', url = '/' } = message;
    const mark = url.indexOf('?');
    this.#message = message;
    this.response = response;
    this.method = method;
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.#search = mark === -1 ? '' : url.slice(mark + 1);
  }
  search(): string {
    return this.#search;
  }
  header(name: string): string | undefined {
    const { headers } = this.#message;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }
  pairs(): Iterable<[string, string]> {
    return Object.keys(this.#message.headers).map((name) => [name, this.header(name) ?? '']);
  }
  protected source(): BodySource {
    this.#stream ??= Readable.toWeb(this.#message) as ReadableStream<Uint8Array>;
    return this.#stream;
  }
  /** Without a web stream, unless a layer has asked for one. */
  override read(limit: number): Promise<RawBody> {
    return this.#stream ? readStream(this.raw as ReadableStream<Uint8Array>, limit) : readAll(this.#message, limit);
  }
  protected url(): string {
    const search = this.#search && `?${this.#search}`;
    return `http://${this.header('host') ?? 'localhost'}${this.path}${search}`;
  }
  /** Until the body has been read a copy, so that who reads it takes nothing from parsing; then one with the same body. */
  protected override toRequest(): Request {
    const { raw, method } = this;
    if (!(raw instanceof ReadableStream) || method === 'GET' || method === 'HEAD') return super.toRequest();
    const [copy, rest] = raw.tee();
    this.raw = rest;
    return new Request(this.url(), { method, headers: [...this.pairs()], body: copy, duplex: 'half' } as RequestInit);
  }
}

/** Does not iterate over the request: leaving a loop early would destroy the connection that the answer wants. */
function readAll(message: IncomingMessage, limit: number): Promise<RawBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      try {
        checkSize(size, limit);
      } catch (error) {
        message.off('data', onData).pause();
        reject(error);
      }
    };
    message.on('data', onData);
    message.once('error', reject);
    // A copy: a Buffer is another thing than what other platforms give, and shares its memory with other ones.
    message.once('end', () => resolve(size === 0 ? undefined : new Uint8Array(Buffer.concat(chunks))));
  });
}

/** Resolves when the answer is out, and rejects when it broke off: then the connection is destroyed, so nobody takes it for whole. */
async function encode({ status, headers, cookies, body }: FinalResult, { response }: NodeRequest): Promise<void> {
  const all: Record<string, string | readonly string[]> = { ...headers };
  if (cookies.length > 0) all['set-cookie'] = cookies;
  // What is left of a body that nobody wanted is not read: the connection ends with the answer.
  if (hasUnread(response.req)) all.connection = 'close';
  response.writeHead(status, all as Record<string, string | string[]>);
  if (body instanceof ReadableStream) await pipeline(Readable.fromWeb(body as NodeReadableStream), response);
  else await new Promise<void>((resolve) => response.end(body, () => resolve()));
}

function hasUnread({ headers, readableEnded }: IncomingMessage): boolean {
  return !readableEnded && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined);
}
