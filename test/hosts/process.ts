import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server process that writes its address to its first line of output. */
export interface ServingProcess {
  /** The first line of output. */
  readonly said: string;
  /** The rest of the output. */
  logs(): string;
  /** Sends a signal, and returns how the process ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Repeats a check of a process's output until it passes, because the output may arrive after the response. */
export async function written(check: () => void): Promise<void> {
  const end = Date.now() + 5_000;
  for (;;) {
    try {
      return check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(10);
    }
  }
}

/** Starts a server process with Node. Rejects if it ends before its first line of output. */
export async function serving(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServingProcess> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  let logs = '';
  let isReady = false;
  child.stderr.on('data', (chunk: Buffer) => {
    logs += chunk.toString();
  });
  const said = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (isReady) logs += `${line}\n`;
      isReady = true;
      resolve(line);
    });
    exited.then(([code]) => reject(new Error(`The process ended with ${code} before it was ready: ${logs}`)), reject);
  });
  return {
    said,
    logs: () => logs,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code, by] = await exited;
      return { code, signal: by };
    },
  };
}
