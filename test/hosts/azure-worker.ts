/**
 * A stand-in for the host of Azure Functions and its Node worker, which are not available from npm. It provides the
 * module `@azure/functions-core` that the vendor's library expects, loads an app as the worker does, and runs its
 * functions through the library's own programming model, so that the vendor's converters read and write everything.
 *
 * Runs as a separate process: `node azure-worker.ts <bundle>`. Its first line of output is the port.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import Module from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { Rpc } from './azure-rpc.ts';

interface Binding {
  readonly name: string;
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly methods?: readonly string[];
  readonly route?: string;
  readonly dataType?: string;
  readonly cardinality?: string;
}
interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}
interface Model {
  getCapabilities(capabilities: object): Promise<{ HttpUri?: string }>;
  getInvocationModel(context: object): {
    getArguments(): Promise<{ context: object; inputs: unknown[] }>;
    invokeFunction(context: object, inputs: unknown[], handler: unknown): Promise<unknown>;
    getResponse(context: object, result: unknown): Promise<{ returnValue?: { http?: RpcHttp } }>;
  };
}
interface RpcHttp {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly RpcCookie[];
  readonly body?: { readonly bytes?: Uint8Array } | undefined;
}
interface RpcCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: { value: string };
  readonly path?: { value: string };
  readonly expires?: { value: { seconds: number } };
  readonly secure?: { value: boolean };
  readonly httpOnly?: { value: boolean };
  readonly sameSite: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: { value: number };
}
/** The input of an invocation for a message, event or timer. */
export interface Invocation {
  readonly name: string;
  /** As text; the host passes them in the form that the binding's `dataType` requests. */
  readonly messages?: readonly string[];
  readonly data?: Rpc;
  /** In the host's wire format. */
  readonly metadata?: Readonly<Record<string, Rpc>>;
  readonly retryCount?: number;
  /** The time of the machine's clock, in ms since the epoch. Default: the real time. */
  readonly now?: number;
}

const functions = new Map<string, { readonly metadata: Metadata; readonly callback: unknown }>();
let model: Model | undefined;
const core = {
  version: '4.0.0',
  registerFunction(metadata: Metadata, callback: unknown) {
    functions.set(metadata.name, { metadata, callback });
    return { dispose() {} };
  },
  setProgrammingModel(given: Model) {
    model = given;
  },
  getProgrammingModel: () => model,
  registerHook: () => ({ dispose() {} }),
  log(level: string, _category: string, message: string) {
    console.error(`${level}: ${message}`);
  },
};
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));

await import(pathToFileURL(process.argv[2] ?? '').href);
if (!model || functions.size === 0) throw new Error('No job functions found.');
const { HttpUri: proxy } = await model.getCapabilities({});

/** Runs a function through the vendor's programming model. */
async function invoke(name: string, id: string, input: Rpc | undefined, more: object): Promise<{ http?: RpcHttp }> {
  const { metadata, callback } = functions.get(name) ?? {};
  const trigger = Object.values(metadata?.bindings ?? {}).find(({ direction }) => direction === 'in');
  if (!model || !metadata || !trigger) throw new Error(`There is no function '${name}'.`);
  const invocation = model.getInvocationModel({
    metadata,
    invocationId: id,
    request: {
      invocationId: id,
      inputData: [{ name: trigger.name, data: input }],
      traceContext: { traceParent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, traceState: '' },
      ...more,
    },
    log: core.log,
  });
  const { context, inputs } = await invocation.getArguments();
  const result = await invocation.invokeFunction(context, inputs, callback);
  const { returnValue } = await invocation.getResponse(context, result);
  return returnValue ?? {};
}

/** Runs an invocation for a message, event or timer. The caller does what the host would do next. */
async function invokeMessage({ name, messages, data, metadata = {}, retryCount, now }: Invocation): Promise<void> {
  const trigger = Object.values(functions.get(name)?.metadata.bindings ?? {}).find(({ type }) => /Trigger$/.test(type));
  const isBinary = trigger?.dataType === 'binary';
  const bytes = (messages ?? []).map((text) => Buffer.from(text));
  const input =
    data ??
    (trigger?.cardinality === 'many'
      ? isBinary
        ? { collectionBytes: { bytes } }
        : { collectionString: { string: messages } }
      : isBinary
        ? { bytes: bytes[0] }
        : { string: messages?.[0] });
  const clock = Date.now;
  if (now !== undefined) Date.now = () => now;
  try {
    await invoke(name, randomUUID(), input, {
      triggerMetadata: metadata,
      ...(retryCount !== undefined && { retryContext: { retryCount, maxRetryCount: 5 } }),
    });
  } finally {
    Date.now = clock;
  }
}

const PREFIX = '/api';

/** The function that the host would route a request to, and the values of its route. */
function routeOf(method: string, path: string): { name: string; params: Record<string, string> } | undefined {
  const candidates = [...functions.values()].flatMap(({ metadata }) => {
    const trigger = Object.values(metadata.bindings).find(({ type }) => type === 'httpTrigger');
    if (!trigger?.methods?.includes(method)) return [];
    const template = `${PREFIX}/${trigger.route ?? metadata.name}`.replace(/\/+$/, '');
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}/?$`, 'i').exec(path);
    return match ? [{ name: metadata.name, params: { ...match.groups }, template }] : [];
  });
  // A literal segment takes precedence over a parameter.
  return candidates.toSorted((a, b) => Number(a.template.includes('{')) - Number(b.template.includes('{')))[0];
}

/** What the host's server makes of a part of a path: an escape that is no UTF-8, or a slash, stays as it is. */
function decoded(part: string): string {
  return part.replace(/(?:%(?!2f)[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

async function serveHttp(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = message;
  const [path = '/'] = url.split('?');
  const route = routeOf(method, path);
  if (!route) {
    response.writeHead(404).end();
    return;
  }
  const id = randomUUID();
  const params = Object.fromEntries(Object.entries(route.params).map(([name, value]) => [name, decoded(value)]));
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
  if (proxy) return serveProxied(message, response, id, route.name, params, flat);
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const http = {
    method,
    url: `http://${headers.host}${url}`,
    headers: flat,
    query: {},
    params,
    ...(bytes.length > 0 && { body: { bytes } }),
  };
  try {
    const { http: answer } = await invoke(route.name, id, { http }, {});
    if (!answer) throw new Error('The function returned no response.');
    response.statusCode = Number(answer.statusCode);
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies.map(toSetCookie));
    response.end(answer.body?.bytes);
  } catch (error) {
    console.error(`error: ${String(error)}`);
    response.writeHead(500).end();
  }
}

/** With HTTP streams, the request goes to the library's own server, and the response comes from there. */
function serveProxied(
  message: IncomingMessage,
  response: ServerResponse,
  id: string,
  name: string,
  params: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): void {
  const { method, url = '/' } = message;
  const triggerMetadata = {
    ...Object.fromEntries(Object.entries(params).map(([key, value]) => [key, { string: value }])),
    Headers: { json: JSON.stringify(headers) },
    Query: { json: '{}' },
  };
  const forwarded = {
    ...message.headers,
    'x-ms-invocation-id': id,
    'x-forwarded-host': headers.host,
    'x-forwarded-proto': 'http',
  };
  const sent = request(new URL(url, proxy), { method, headers: forwarded }, (answer) => {
    const { 'x-ms-invocation-id': _id, ...own } = answer.headers;
    response.writeHead(answer.statusCode ?? 500, own);
    answer.pipe(response);
  });
  sent.once('error', () => response.destroy());
  message.pipe(sent);
  invoke(name, id, undefined, { triggerMetadata }).catch((error) => {
    console.error(`error: ${String(error)}`);
    sent.destroy();
    response.destroy();
  });
}

/** Writes a cookie as ASP.NET does, with an encoded value. */
function toSetCookie(cookie: RpcCookie): string {
  const sameSite = { none: '', lax: 'Lax', strict: 'Strict', explicitNone: 'None' }[cookie.sameSite];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    cookie.domain && `Domain=${cookie.domain.value}`,
    cookie.path && `Path=${cookie.path.value}`,
    cookie.expires && `Expires=${new Date(cookie.expires.value.seconds * 1_000).toUTCString()}`,
    cookie.maxAge && `Max-Age=${cookie.maxAge.value}`,
    cookie.httpOnly?.value && 'HttpOnly',
    cookie.secure?.value && 'Secure',
    sameSite && `SameSite=${sameSite}`,
  ]
    .filter(Boolean)
    .join('; ');
}

const server = createServer(async (message, response) => {
  if (message.url !== '/admin/invoke') return serveHttp(message, response);
  let body = '';
  for await (const chunk of message) body += chunk;
  const told = await invokeMessage(JSON.parse(body) as Invocation).then(
    () => ({ done: true }),
    (error: unknown) => ({ done: false, error: String((error as Error)?.message ?? error) }),
  );
  response.end(JSON.stringify(told));
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
