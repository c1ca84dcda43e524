import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ENV } from './run.ts';

/** A server of the app, on any runtime. */
export interface Server {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Stops it, and returns how it ended and all its output. */
  stop(): Promise<{ readonly code: number | null; readonly signal: string | null; readonly said: string }>;
}

/** Starts a command that prints where it listens. */
export async function start(command: string, args: readonly string[], cwd: string): Promise<Server> {
  // Bun reads its port from a variable.
  const env = { ...ENV, GREETING: 'hello', PORT: '0' };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  let said = '';
  const port = await new Promise<string>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      said += chunk.toString();
      const [, found] = /http:\/\/[\w.]+:(\d+)/.exec(said) ?? [];
      if (found) resolve(found);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    ended.then(() => reject(new Error(`${command} ${args.join(' ')} ended before it listened:\n${said}`)), reject);
  });
  return {
    fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      return { code, signal, said };
    },
  };
}
