import { type ServingProcess, serving } from './process.ts';

/** A Node server in a separate process, as in a container. */
export interface NodeHost extends ServingProcess {
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts a bundle that listens and writes its port to standard output. */
export async function startNode(bundled: string, env: Readonly<Record<string, string>> = {}): Promise<NodeHost> {
  const child = await serving([bundled], env);
  return { ...child, fetch: (path, init) => fetch(`http://127.0.0.1:${child.said}${path}`, init) };
}
