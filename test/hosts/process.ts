import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that serves, and says on its first line of output where. */
export interface ServingProcess {
  /** What it said. */
  readonly said: string;
  /** Everything else that it wrote. */
  logs(): string;
  /** Tells it to end, and says how it ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Checks what a process wrote as soon as it is there: its output comes on another way than its answers. */
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

/** Starts one with Node. Rejects when it ends before it has said anything. */
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
    exited.then(([code]) => reject(new Error(`The process ended with ${code} before it served: ${logs}`)), reject);
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
