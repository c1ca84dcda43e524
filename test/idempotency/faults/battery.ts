import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type RedisServer, redis, redisSentinel } from '../../servers/redis.ts';
import { judge, type Line, type Verdict, type WorkerOptions } from './history.ts';
import { proxy } from './proxy.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');
const LEASE = 300;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a fault can act on. */
interface Scene {
  readonly server: RedisServer;
  /** The way to the server. */
  readonly proxied: Awaited<ReturnType<typeof proxy>>;
  readonly workers: Crew;
}

/** A fault: how the workers are set up, and what happens to them while they work. */
export interface Fault {
  readonly name: string;
  readonly workers?: Partial<WorkerOptions>;
  /** Options of a single worker. */
  readonly each?: (index: number) => Partial<WorkerOptions>;
  readonly redis?: readonly string[];
  /** A primary with two replicas, and sentinels. */
  readonly isReplicated?: boolean;
  /** Redis does not promise this, and neither do we: violations are counted and do not fail the run. */
  readonly mayViolate?: boolean;
  readonly keys?: number;
  readonly inflict?: (scene: Scene) => Promise<void>;
}

/** Worker processes, with what they write down. */
class Crew {
  readonly lines: Line[] = [];
  readonly #running = new Set<ChildProcess>();
  readonly #options: Omit<WorkerOptions, 'name'>;
  #hired = 0;

  constructor(options: Omit<WorkerOptions, 'name'>) {
    this.#options = options;
  }
  get size(): number {
    return this.#running.size;
  }
  hire(options: Partial<WorkerOptions> = {}): ChildProcess {
    const all: WorkerOptions = { ...this.#options, ...options, name: `w${this.#hired++}` };
    const child = spawn(process.execPath, [WORKER, JSON.stringify(all)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.lines.push(JSON.parse(line));
    });
    return child;
  }
  any(): ChildProcess | undefined {
    const all = [...this.#running];
    return all[Math.floor(Math.random() * all.length)];
  }
  /** Ends when all are done, or after `ms`: what is not done then is stuck. */
  async ended(ms: number): Promise<void> {
    const late = AbortSignal.timeout(ms);
    for (const child of this.#running) {
      child.kill('SIGCONT');
      await Promise.race([once(child, 'close'), once(late, 'abort')]);
      child.kill('SIGKILL');
    }
  }
}

/** Every fault of the battery. */
export const FAULTS: readonly Fault[] = [
  { name: 'none' },
  { name: 'handlers that fail', workers: { failing: 0.5 } },
  {
    name: 'kill -9 in the middle',
    async inflict({ workers }) {
      for (let time = 0; time < 8; time++) {
        await sleep(60);
        workers.any()?.kill('SIGKILL');
        workers.hire();
      }
    },
  },
  {
    name: 'SIGSTOP past the lease, then on',
    async inflict({ workers }) {
      for (let time = 0; time < 3; time++) {
        await sleep(60);
        const zombie = workers.any();
        zombie?.kill('SIGSTOP');
        workers.hire();
        await sleep(LEASE * 2);
        zombie?.kill('SIGCONT');
      }
    },
  },
  { name: '1,000 duplicates at once', keys: 1, workers: { calls: 250 } },
  {
    name: 'Redis killed and restarted',
    redis: ['--appendonly', 'yes', '--appendfsync', 'always'],
    async inflict({ server }) {
      for (let time = 0; time < 3; time++) {
        await sleep(150);
        await server.stop('SIGKILL');
        await sleep(50);
        await server.start();
      }
    },
  },
  {
    name: 'connections reset',
    async inflict({ proxied }) {
      for (let time = 0; time < 15; time++) {
        await sleep(40);
        proxied.reset();
      }
    },
  },
  {
    name: 'replies dropped',
    async inflict({ proxied }) {
      for (let time = 0; time < 4; time++) {
        await sleep(100);
        proxied.way.deaf = true;
        await sleep(100);
        proxied.reset();
        proxied.way.deaf = false;
      }
    },
  },
  {
    name: 'a partition longer than the lease',
    async inflict({ proxied }) {
      await sleep(100);
      proxied.way.delay = () => LEASE * 2;
      await sleep(LEASE * 3);
      proxied.reset();
      proxied.way.delay = () => 0;
    },
  },
  {
    name: '1 to 500 ms of latency',
    keys: 4,
    async inflict({ proxied }) {
      proxied.way.delay = () => 1 + (Math.random() < 0.1 ? Math.random() * 499 : Math.random() * 20);
      await sleep(1_500);
      proxied.way.delay = () => 0;
    },
  },
  { name: 'clocks an hour off', each: (index) => ({ clockOffset: [0, 3_600_000, -3_600_000, 1_000][index % 4] ?? 0 }) },
  {
    name: 'SCRIPT FLUSH all the time',
    async inflict({ server }) {
      for (let time = 0; time < 40; time++) {
        await server.ask('script', 'flush');
        await sleep(10);
      }
    },
  },
  { name: 'outcomes of 1 MB', workers: { outcome: 'large' }, keys: 4 },
  { name: 'outcomes that are cyclic', workers: { outcome: 'cyclic' } },
  {
    name: 'failover, with WAIT',
    isReplicated: true,
    workers: { replicas: 1 },
    keys: 6,
    async inflict({ server }) {
      await sleep(100);
      await server.stop('SIGKILL');
    },
  },
  {
    name: 'failover, without WAIT',
    isReplicated: true,
    mayViolate: true,
    keys: 6,
    async inflict({ server }) {
      await sleep(100);
      await server.stop('SIGKILL');
    },
  },
];

/** Runs the workers under a fault, and checks what they observed. */
export async function run(fault: Fault): Promise<Verdict> {
  const started = fault.isReplicated ? await redisSentinel(2) : await redis(...(fault.redis ?? []));
  const server = 'primary' in started ? started.primary : started.server;
  const proxied = await proxy(server.port);
  const keys = Array.from({ length: fault.keys ?? 24 }, (_, index) => `k-${index}`);
  const workers = new Crew({
    redis:
      'sentinels' in started
        ? { sentinels: started.sentinels.map((port) => ({ host: '127.0.0.1', port })), name: 'main' }
        : { port: proxied.port },
    keys,
    calls: 1,
    handlerMs: 60,
    lease: LEASE,
    clockOffset: 0,
    replicas: 0,
    failing: 0,
    outcome: 'small',
    ...fault.workers,
  });
  try {
    for (let index = 0; index < 4; index++) workers.hire(fault.each?.(index));
    // Processes take a while to start.
    while (!workers.lines.some(({ type }) => type === 'began')) await sleep(5);
    await fault.inflict?.({ server, proxied, workers });
    // The next delivery finds whatever was left behind.
    workers.hire();
    await workers.ended(30_000);
    return judge(workers.lines, keys);
  } finally {
    await proxied[Symbol.asyncDispose]();
    await started.servers[Symbol.asyncDispose]();
  }
}
