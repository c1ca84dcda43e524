import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from './azure-worker.ts';
import { ROOT } from './bundle.ts';
import { type ServingProcess, serving } from './process.ts';

/** An invocation as the host sees it. */
export interface AzureOutcome {
  readonly done: boolean;
  readonly error?: string;
}

/** Azure's own library with a stand-in for its host. */
export interface AzureHost {
  readonly version: string;
  /** Sends a request. The path has no prefix: the stand-in adds `/api`, as the host does. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  invoke(invocation: Invocation): Promise<AzureOutcome>;
  /** What the functions logged through their contexts, and wrote to the console. */
  logs(): string;
  stop: ServingProcess['stop'];
}

/** Starts a bundle that registers functions with `app`. */
export async function startAzure(bundled: string, env: Readonly<Record<string, string>> = {}): Promise<AzureHost> {
  const child = await serving([join(ROOT, 'test/hosts/azure-worker.ts'), bundled], env);
  const url = `http://127.0.0.1:${child.said}`;
  return {
    version: libraryVersion(),
    fetch: (path, init) => fetch(`${url}/api${path}`, init),
    async invoke(invocation) {
      const response = await fetch(`${url}/admin/invoke`, { method: 'POST', body: JSON.stringify(invocation) });
      return (await response.json()) as AzureOutcome;
    },
    logs: child.logs,
    stop: child.stop,
  };
}

function libraryVersion(): string {
  const manifest = join(ROOT, 'node_modules/@azure/functions/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
