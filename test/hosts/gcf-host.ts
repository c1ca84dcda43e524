import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bundle.ts';
import { type ServingProcess, serving } from './process.ts';

/** Google's Functions Framework, with one server per function, as in a deployment. */
export interface GcfHost {
  readonly version: string;
  fetch(name: string, path: string, init?: RequestInit): Promise<Response>;
  logs(): string;
  stop: ServingProcess['stop'];
}

/** Starts functions of a bundle that registers them with the framework, by name. */
export async function startGcf(
  bundled: string,
  names: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<GcfHost> {
  const child = await serving([join(ROOT, 'test/hosts/gcf-worker.ts'), bundled, ...names], env);
  const ports = JSON.parse(child.said) as Readonly<Record<string, number>>;
  const manifest = join(ROOT, 'node_modules/@google-cloud/functions-framework/package.json');
  return {
    version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
    fetch: (name, path, init) => fetch(`http://127.0.0.1:${ports[name]}${path}`, init),
    logs: child.logs,
    stop: child.stop,
  };
}
