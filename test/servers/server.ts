import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports of loopback that nobody listens at. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

const RUNNING = new Set<ChildProcess>();

function stopAll(): void {
  for (const child of RUNNING) child.kill('SIGKILL');
}

/** A process that serves. It ends with this one, however that ends. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly #said: string[] = [];
  /** Why it could not be started. */
  #refused: string | undefined;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, options: SpawnOptions = {}) {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    this.child = spawn(command, args, { ...options, env: { ...process.env, ...env }, stdio: [...stdio] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#said.push(String(chunk)));
    }
    // One listener for all of them.
    if (!process.listeners('exit').includes(stopAll)) process.once('exit', stopAll);
    RUNNING.add(this.child);
    this.child.once('exit', () => RUNNING.delete(this.child));
    this.child.once('error', ({ message }) => {
      RUNNING.delete(this.child);
      this.#refused = message;
    });
  }

  /** Waits until it does what it is for. If it does not, says why in one line. */
  async until(isReady: () => Promise<boolean>, ms = 20_000): Promise<void> {
    const end = Date.now() + ms;
    while (!(await isReady().catch(() => false))) {
      if (this.#hasEnded || Date.now() > end) {
        const why = this.#refused ?? (this.#said.join('').slice(-2_000) || 'it said nothing');
        throw new Error(`${this.child.spawnfile} is not ready: ${why.trim().replaceAll(/\s*\n\s*/g, '; ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get #hasEnded(): boolean {
    return this.#refused !== undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#hasEnded) return;
    // One that was stopped hears of nothing else.
    this.child.kill('SIGCONT');
    this.child.kill(signal);
    await once(this.child, 'exit');
  }
}
