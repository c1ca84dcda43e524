import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import type { AzureHost } from './azure-host.ts';
import { storageMetadata } from './azure-rpc.ts';

/** The emulator's publicly documented key. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const MAX_DEQUEUE_COUNT = 5;

/** Azure's own emulator of storage queues, with the loop in which the host passes their messages to functions. */
export interface Azurite {
  readonly connection: string;
  readonly service: QueueServiceClient;
  /**
   * Does what the host does with a queue, until it is empty: passes each message to the function, deletes it if the
   * invocation succeeds, makes it visible again if not, and finally moves it to `<queue>-poison`.
   */
  drain(queue: string, host: AzureHost, name: string): Promise<void>;
  /** The decoded texts of the messages in a queue. */
  texts(queue: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts the emulator with queues. */
export async function startAzurite(queues: readonly string[]): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/queue/main.js');
  const flags = ['--queueHost', '127.0.0.1', '--queuePort', '0', '--inMemoryPersistence', '--disableTelemetry'];
  const child = spawn(process.execPath, [main, ...flags, '--skipApiVersionCheck'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
    exited.then(([code]) => reject(new Error(`Azurite ended with ${code}.`)), reject);
  });
  const connection = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${KEY};QueueEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
  const service = QueueServiceClient.fromConnectionString(connection);
  for (const queue of queues.flatMap((name) => [name, `${name}-poison`])) await service.createQueue(queue);
  return {
    connection,
    service,
    async drain(queue, host, name) {
      const client = service.getQueueClient(queue);
      for (;;) {
        const { receivedMessageItems: items } = await client.receiveMessages({
          numberOfMessages: 16,
          visibilityTimeout: 30,
        });
        if (items.length === 0) {
          const { approximateMessagesCount: left = 0 } = await client.getProperties();
          if (left === 0) return;
          await sleep(50);
        }
        for (const { messageId, popReceipt, messageText, dequeueCount, insertedOn } of items) {
          const text = Buffer.from(messageText, 'base64').toString();
          const { done } = await host.invoke({
            name,
            messages: [text],
            metadata: storageMetadata(messageId, dequeueCount, insertedOn, text),
          });
          if (done || dequeueCount >= MAX_DEQUEUE_COUNT) {
            if (!done) await service.getQueueClient(`${queue}-poison`).sendMessage(messageText);
            await client.deleteMessage(messageId, popReceipt);
          } else await client.updateMessage(messageId, popReceipt, undefined, 0);
        }
      }
    },
    async texts(queue) {
      const { peekedMessageItems: items } = await service.getQueueClient(queue).peekMessages({ numberOfMessages: 32 });
      return items.map(({ messageText }) => Buffer.from(messageText, 'base64').toString());
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
