import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onPath, unpacked } from './debian.ts';
import { freePorts, ServerProcess } from './server.ts';

interface Binary {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The server: `REDIS_BIN`, the machine's own, or Debian's, whose one binary has the name of a tool. */
async function binary(): Promise<Binary> {
  const own = process.env.REDIS_BIN ?? onPath('redis-server');
  if (own) return { path: own, env: {} };
  const root = await unpacked('redis', ['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1']);
  const path = join(root, 'usr/bin/redis-server');
  if (!existsSync(path)) {
    const part = `${path}-${process.pid}`;
    await copyFile(join(root, 'usr/bin/redis-check-rdb'), part);
    await rename(part, path);
  }
  return { path, env: { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') } };
}

/** A server of Redis' on loopback, with nothing on disk unless `args` says so. */
export class RedisServer {
  readonly port: number;
  readonly folder: string;
  readonly #binary: Binary;
  readonly #args: readonly string[];
  #process: ServerProcess | undefined;

  constructor(binary: Binary, port: number, folder: string, args: readonly string[]) {
    this.#binary = binary;
    this.#args = args;
    this.port = port;
    this.folder = folder;
  }
  get process(): ServerProcess {
    if (!this.#process) throw new Error('The server has not been started.');
    return this.#process;
  }
  async start(): Promise<this> {
    const { path, env } = this.#binary;
    this.#process = new ServerProcess(path, this.#args, env, { cwd: this.folder });
    await this.#process.until(async () => (await this.ask('ping')) === 'PONG');
    return this;
  }
  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.#process?.stop(signal);
  }
  /** Asks on a connection of its own. */
  async ask(command: string, ...args: (string | number)[]): Promise<unknown> {
    const client = new Redis({ port: this.port, lazyConnect: true, retryStrategy: () => null, replyMapping: 'legacy' });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }
}

/** Servers that run, and stop when they are disposed of. */
export class RedisServers implements AsyncDisposable {
  readonly all: RedisServer[] = [];

  async start(port: number, args: readonly string[]): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    const common = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const server = new RedisServer(await binary(), port, folder, [...common, ...args]);
    this.all.push(server);
    return server.start();
  }
  /** A server's sentinel, which has its configuration in a file and writes to it. */
  async sentinel(port: number, master: RedisServer, quorum: number): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'));
    const file = join(folder, 'sentinel.conf');
    await writeFile(
      file,
      [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${folder}`,
        `sentinel monitor main 127.0.0.1 ${master.port} ${quorum}`,
        'sentinel down-after-milliseconds main 500',
        'sentinel failover-timeout main 3000',
      ].join('\n'),
    );
    const server = new RedisServer(await binary(), port, folder, [file, '--sentinel']);
    this.all.push(server);
    await server.start();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((server) => server.stop()));
  }
}

/** One server. */
export async function redis(...args: string[]): Promise<{ servers: RedisServers; server: RedisServer }> {
  const servers = new RedisServers();
  const [port = 0] = await freePorts(1);
  return { servers, server: await servers.start(port, args) };
}

/** A primary, replicas, and three sentinels that watch them and know each other. */
export async function redisSentinel(replicas = 1): Promise<{
  servers: RedisServers;
  primary: RedisServer;
  sentinels: readonly number[];
}> {
  const servers = new RedisServers();
  const [first = 0, ...others] = await freePorts(4 + replicas);
  const sentinels = others.slice(replicas);
  const primary = await servers.start(first, ['--repl-diskless-sync-delay', '0']);
  for (const port of others.slice(0, replicas)) {
    const replica = await servers.start(port, ['--replicaof', '127.0.0.1', String(first)]);
    await replica.process.until(async () =>
      String(await replica.ask('info', 'replication')).includes('link_status:up'),
    );
  }
  await Promise.all(sentinels.map((port) => servers.sentinel(port, primary, 2)));
  for (const sentinel of servers.all.slice(1 + replicas)) {
    await sentinel.process.until(async () => {
      const master = String(await sentinel.ask('sentinel', 'master', 'main'));
      return master.includes(`num-slaves,${replicas}`) && master.includes('num-other-sentinels,2');
    });
  }
  return { servers, primary, sentinels };
}

/** Three primaries with a third of the keys each. */
export async function redisCluster(): Promise<{ servers: RedisServers; ports: readonly number[] }> {
  const servers = new RedisServers();
  // A server's other servers talk to it at a port of 10,000 more, so that one must be free too.
  const ports = (await freePorts(30)).filter((port) => port < 55_000).slice(0, 3);
  for (const port of ports) await servers.start(port, ['--cluster-enabled', 'yes']);
  const [first] = servers.all as [RedisServer];
  for (const [index, server] of servers.all.entries()) {
    const from = Math.floor((16_384 * index) / 3);
    const to = Math.floor((16_384 * (index + 1)) / 3) - 1;
    await server.ask('cluster', 'addslotsrange', from, to);
    if (server !== first) await first.ask('cluster', 'meet', '127.0.0.1', server.port);
  }
  for (const server of servers.all) {
    await server.process.until(async () => {
      const info = String(await server.ask('cluster', 'info'));
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
    });
  }
  return { servers, ports };
}
