import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { Miniflare } from 'miniflare';

/** The same as in the deployed configuration. */
export const COMPATIBILITY_DATE = '2026-07-01';

/** Cloudflare's own runtime, workerd, with a queue and its dead-letter queue. */
export interface WorkersHost {
  readonly version: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Passes one batch to the Worker, as the queue does, and returns how each message ended. */
  deliver(queue: string, bodies: readonly unknown[]): Promise<BatchOutcome>;
  /** Runs a cron trigger, and returns how the run ended. */
  scheduled(cron: string, time: Date): Promise<{ readonly outcome: string; readonly noRetry: boolean }>;
  /** Sends messages to the real queue. */
  send(bodies: readonly unknown[]): Promise<void>;
  /** The messages that the platform itself put into the dead-letter queue. */
  deadLetters(): Promise<unknown[]>;
  /** The messages that the Worker sent to the queue `sink`, through a binding. */
  sink(): Promise<unknown[]>;
  /** What the Worker wrote to the console. */
  logs(): string;
  stop(): Promise<void>;
}

/** The result of a batch that workerd dispatched. */
export interface BatchOutcome {
  readonly outcome: string;
  readonly ackAll: boolean;
  readonly retryBatch: { readonly retry: boolean };
  readonly explicitAcks: readonly string[];
  readonly retryMessages: readonly { readonly msgId: string; readonly delaySeconds?: number }[];
}

/** A Worker that fills the queue, and keeps the messages of the dead-letter queue. */
const SIDE = `
const seen = { 'orders-dead': [], sink: [] };
export default {
  async fetch(request, env) {
    if (request.method !== 'POST') return Response.json(seen);
    const messages = (await request.json()).map((body) => ({ body }));
    for (let at = 0; at < messages.length; at += 100) await env.QUEUE.sendBatch(messages.slice(at, at + 100));
    return new Response('sent');
  },
  async queue(batch) { seen[batch.queue].push(...batch.messages.map(({ body }) => body)); },
};`;

/** Starts workerd on a bundle whose default export is a Worker. */
export async function startWorkers(
  bundled: string,
  bindings: Record<string, string> = {},
  queueProducers: Record<string, string> = { SINK: 'sink' },
  durableObjects: Record<string, string> = {},
  compatibilityFlags: string[] = [],
): Promise<WorkersHost> {
  let logs = '';
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    // Tests notice failures by their effects; the Worker's own log would hide the tests' output.
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) {
        stream.on('data', (chunk: Buffer) => {
          logs += chunk.toString();
        });
      }
    },
    workers: [
      {
        name: 'app',
        modules: true,
        scriptPath: bundled,
        compatibilityDate: COMPATIBILITY_DATE,
        compatibilityFlags,
        bindings,
        queueProducers,
        durableObjects: Object.fromEntries(
          Object.entries(durableObjects).map(([name, className]) => [name, { className, useSQLite: true }]),
        ),
        queueConsumers: {
          orders: {
            maxBatchSize: 10,
            maxBatchTimeout: 0.1,
            maxRetries: 2,
            deadLetterQueue: 'orders-dead',
            retryDelay: 0,
          },
        },
      },
      {
        name: 'side',
        modules: true,
        script: SIDE,
        compatibilityDate: COMPATIBILITY_DATE,
        queueProducers: { QUEUE: 'orders' },
        queueConsumers: { 'orders-dead': { maxBatchTimeout: 0.1 }, sink: { maxBatchTimeout: 0.1 } },
      },
    ],
  });
  const url = await miniflare.ready;
  const side = await miniflare.getWorker('side');
  const seen = async (): Promise<Record<'orders-dead' | 'sink', unknown[]>> =>
    (await (await side.fetch('http://side/')).json()) as Record<'orders-dead' | 'sink', unknown[]>;
  return {
    version: workerdVersion(),
    fetch: (path, init) => fetch(new URL(path, url), init),
    async deliver(queue, bodies) {
      const app = await miniflare.getWorker('app');
      const timestamp = new Date();
      const messages = bodies.map((body, index) => ({ id: `m-${index + 1}`, timestamp, attempts: 1, body }));
      return (await app.queue(queue, messages)) as unknown as BatchOutcome;
    },
    async scheduled(cron, scheduledTime) {
      const app = await miniflare.getWorker('app');
      return (await app.scheduled({ cron, scheduledTime })) as { outcome: string; noRetry: boolean };
    },
    async send(bodies) {
      await side.fetch('http://side/', { method: 'POST', body: JSON.stringify(bodies) });
    },
    deadLetters: async () => (await seen())['orders-dead'],
    sink: async () => (await seen()).sink,
    logs: () => logs,
    stop: () => miniflare.dispose(),
  };
}

function workerdVersion(): string {
  const path = createRequire(import.meta.resolve('miniflare')).resolve('workerd/package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
