import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeRequest } from '@tradewind/core/testing';
import { hostOf } from './host.js';

/** The headers that a server adds about itself and the connection. */
const OF_SERVER = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

/** Sends a request to a server on this machine, and gives the response as a client sees it. */
export function overLoopback(listener: RequestListener, fake: FakeRequest): Promise<Response> {
  return exchange(listener, fake, toResponse);
}

/** Sends a request to a server on this machine, without headers that `fetch` would add, and reads what comes back. */
export async function exchange<T>(
  listener: RequestListener,
  fake: FakeRequest,
  read: (answer: IncomingMessage) => Promise<T>,
): Promise<T> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const { method, path, search, headers, cookies, body } = fake;
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path: `${path}${search && `?${search}`}`,
      headers: [
        ...(hostOf(fake) === undefined ? [['host', 'fake.test']] : []),
        ...headers.map(([name, value]): [string, string] => [name, value]),
        ...(cookies.length > 0 ? [['cookie', cookies.join('; ')]] : []),
        ...(body === undefined ? [] : [['content-length', String(Buffer.byteLength(body))]]),
      ].flat(),
    });
    // A failure after the headers reaches whoever reads the response; without a listener it would end the process.
    sent.on('error', () => {});
    // As bytes: Node would encode the headers like a body of text, as UTF-8.
    sent.end(body === undefined ? undefined : Buffer.from(body as string));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return await read(answer);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function toResponse(answer: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (!OF_SERVER.has(name)) for (const value of values) headers.append(name, value);
  }
  const status = answer.statusCode ?? 0;
  const hasBody = chunks.length > 0;
  return new Response(hasBody ? new Uint8Array(Buffer.concat(chunks)) : null, { status, headers });
}
