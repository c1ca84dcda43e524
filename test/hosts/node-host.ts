import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server of Node's in a process of its own, as a container runs it. */
export interface NodeHost {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Tells the process to end, as a container's runtime does, and says how it ended. */
  stop(): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a bundle that listens and writes its port on standard output. */
export async function startNode(bundled: string, env: Readonly<Record<string, string>> = {}): Promise<NodeHost> {
  const child = spawn(process.execPath, [bundled], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, ...env },
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${Number(first.toString())}`;
  return {
    fetch: (path, init) => fetch(`${url}${path}`, init),
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await exited;
      return { code, signal };
    },
  };
}
