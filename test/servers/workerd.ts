import { Miniflare } from 'miniflare';
import { bundle } from '../hosts/bundle.ts';
import { COMPATIBILITY_DATE } from '../hosts/workers-host.ts';

/** Cloudflare's own runtime with a Worker, and a class of it that is bound as Durable Objects. */
export async function workerd(
  entry: string,
  durableObjects: Readonly<Record<string, string>>,
): Promise<{ readonly url: URL } & AsyncDisposable> {
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    modules: true,
    scriptPath: await bundle(entry, 'workers'),
    compatibilityDate: COMPATIBILITY_DATE,
    durableObjects: Object.fromEntries(
      Object.entries(durableObjects).map(([name, className]) => [name, { className, useSQLite: true }]),
    ),
  });
  return { url: await miniflare.ready, [Symbol.asyncDispose]: () => miniflare.dispose() };
}
