import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Round } from './rounds.ts';

/** Asks a process for a round, and returns its microseconds per call. */
export async function ask(child: ChildProcess, name: string, round: Round): Promise<number> {
  child.send(round);
  return Number(await said(child, name));
}

/** The next message of a process. */
export async function said(child: ChildProcess, name: string): Promise<unknown> {
  const stopped = new AbortController();
  const { signal } = stopped;
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => {
        throw new Error(`${name} gave up: what it said is above.`);
      }),
    ]);
    return message;
  } finally {
    stopped.abort();
  }
}
