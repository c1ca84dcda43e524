import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import fc from 'fast-check';

/** A request as a client may send it: what a server's parser lets through. */
export interface HostileRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array;
}

const text = fc.string({ unit: 'binary', maxLength: 50 });
const part = fc.oneof(
  text.map((one) => encodeURIComponent(one.toWellFormed())),
  fc.constantFrom('%', '%E0%A4%A', '//', '..', '__proto__', '?', '%2F', 'a/b', ':name'),
);
const header = fc.tuple(
  fc.constantFrom('content-type', 'cookie', 'content-encoding', 'x-a', 'host', 'content-length'),
  fc.oneof(
    fc.constantFrom(
      'application/json',
      'application/cloudevents+json',
      'text/plain; charset=x',
      'multipart/form-data; boundary=a',
      'application/x-www-form-urlencoded',
      'gzip',
      'a=%',
      'a b',
      'user:password@host',
      'host:99999',
      '',
    ),
    fc.string({ maxLength: 30 }).map((value) => value.replaceAll(/[^\x20-\x7e]/g, '')),
  ),
);

export const requests: fc.Arbitrary<HostileRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'OPTIONS', 'DELETE', 'HEAD', 'TRACE', 'PROPFIND'),
  url: fc.oneof(
    fc.tuple(part, part).map(([path, search]) => `/my/${path}?${search}`),
    fc.constantFrom('*', '/', '//', '/my', '/MY/x', 'http://a.example/my/x', '/my/x/', '/my//'),
  ),
  headers: fc.array(header, { maxLength: 3 }),
  body: fc.oneof(text, fc.uint8Array({ maxLength: 50 }), fc.json({ maxDepth: 2 })),
});

type Listener = (message: never, response: never) => void;

/** A request to what listens on a server of Node's, and its answer, without a connection. */
export function exchange(
  listener: Listener,
  { method, url, headers, body }: HostileRequest,
  more: object = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const message = Object.assign(Readable.from(body.length > 0 ? [Buffer.from(body)] : []), {
      method,
      url,
      headers: { 'content-length': String(body.length), ...Object.fromEntries(headers) },
      rawHeaders: headers.flat(),
      socket: new EventEmitter(),
      ...more,
    });
    let status = 0;
    const response = Object.assign(new EventEmitter(), {
      req: message,
      writableLength: 0,
      writeHead(said: number, all: Record<string, string | string[]>) {
        status = said;
        for (const value of Object.values(all).flat())
          if (/[\r\n\0]/.test(value)) reject(new Error('response splitting'));
      },
      end: () => resolve(status),
      setHeader() {},
      destroy: () => reject(new Error('The connection was cut off.')),
    });
    listener(message as never, response as never);
  });
}
