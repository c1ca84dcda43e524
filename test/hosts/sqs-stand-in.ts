import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './lambda-host.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly group: string | undefined;
  received: number;
  visibleAt: number;
  receipt: string;
  /** Whether its visibility timeout was changed since it was last received. */
  delayed: boolean;
}

/** The settings of a queue. Times in ms. */
export interface SqsQueueOptions {
  readonly visibilityTimeout?: number;
  readonly maxReceiveCount?: number;
  readonly batchSize?: number;
}

/**
 * A stand-in for Amazon SQS and its event source mapping, which run only on AWS: queues with visibility timeouts and a
 * redrive policy, the part of the API that the AWS SDK's client calls here, and the loop that passes batches to a
 * Lambda function and deletes the messages that its response does not report (`ReportBatchItemFailures`).
 */
export class SqsStandIn {
  readonly #server: Server;
  readonly #queues = new Map<string, Message[]>();
  readonly #options: Required<SqsQueueOptions>;
  #address = '';

  constructor({ visibilityTimeout = 300, maxReceiveCount = 3, batchSize = 10 }: SqsQueueOptions = {}) {
    this.#options = { visibilityTimeout, maxReceiveCount, batchSize };
    this.#server = createServer(async (request, response) => {
      try {
        const answer = this.#call(String(request.headers['x-amz-target']).split('.')[1], await read(request));
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
      } catch (error) {
        response.writeHead(400).end(JSON.stringify({ __type: 'InvalidParameterValue', message: String(error) }));
      }
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.#address;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The messages that are still in a queue, including those in flight. */
  messages(queue: string): readonly Message[] {
    return this.#of(queue);
  }

  purge(queue: string): void {
    this.#queues.set(queue, []);
  }

  send(queue: string, body: unknown, { delay = 0, group }: { delay?: number; group?: string } = {}): string {
    const id = randomUUID();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.#of(queue).push({
      id,
      body: text,
      group,
      received: 0,
      visibleAt: Date.now() + delay,
      receipt: '',
      delayed: false,
    });
    return id;
  }

  /** Delivers batches until the queue is empty, as an event source mapping does. Fails after `limit` ms. */
  async drain(queue: string, invoke: (event: unknown) => Promise<Outcome>, limit = 60_000): Promise<void> {
    const end = Date.now() + limit;
    while (this.#of(queue).length > 0) {
      if (Date.now() > end) throw new Error(`${this.#of(queue).length} messages are left in '${queue}'.`);
      if (!(await this.poll(queue, invoke))) await sleep(10);
    }
  }

  /** Delivers one batch, and returns whether there was one. */
  async poll(queue: string, invoke: (event: unknown) => Promise<Outcome>): Promise<boolean> {
    const batch = this.#receive(queue);
    if (batch.length === 0) return false;
    const outcome = await invoke({ Records: batch.map((message) => this.#record(queue, message)) });
    // A failed invocation deletes nothing: every message is visible again after its visibility timeout.
    if (outcome.kind !== 'answered') return true;
    const { batchItemFailures } = outcome.value as { batchItemFailures: { itemIdentifier: string }[] };
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const known = new Set(batch.map(({ id }) => id));
    // An unknown id makes the whole batch fail.
    if (![...failed].every((id) => known.has(id))) return true;
    const done = new Set(batch.filter(({ id }) => !failed.has(id)));
    this.#queues.set(
      queue,
      this.#of(queue).filter((message) => !done.has(message)),
    );
    return true;
  }

  #of(queue: string): Message[] {
    const messages = this.#queues.get(queue) ?? [];
    this.#queues.set(queue, messages);
    return messages;
  }

  #receive(queue: string): Message[] {
    const { visibilityTimeout, maxReceiveCount, batchSize } = this.#options;
    const now = Date.now();
    const batch: Message[] = [];
    for (const message of this.#of(queue)) {
      if (batch.length === batchSize) break;
      if (message.visibleAt > now) continue;
      if (message.received >= maxReceiveCount) {
        this.#queues.set(
          queue,
          this.#of(queue).filter((one) => one !== message),
        );
        this.send(`${queue}-dead`, message.body);
        continue;
      }
      message.received += 1;
      message.visibleAt = now + visibilityTimeout;
      message.receipt = randomUUID();
      message.delayed = false;
      batch.push(message);
    }
    return batch;
  }

  #record(queue: string, { id, body, received, receipt, group }: Message): object {
    return {
      messageId: id,
      receiptHandle: receipt,
      body,
      attributes: {
        ApproximateReceiveCount: String(received),
        SentTimestamp: String(Date.now()),
        ...(group && { MessageGroupId: group }),
      },
      messageAttributes: {},
      md5OfBody: md5(body),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
      awsRegion: 'us-east-1',
    };
  }

  #call(action: string | undefined, input: Record<string, unknown>): object {
    const queue = String(input.QueueUrl).split('/').at(-1) as string;
    if (action === 'SendMessage') {
      const body = String(input.MessageBody);
      const MessageId = this.send(queue, body, { delay: Number(input.DelaySeconds ?? 0) * 1_000 });
      return { MessageId, MD5OfMessageBody: md5(body) };
    }
    if (action === 'ChangeMessageVisibility') {
      const message = this.#of(queue).find(({ receipt }) => receipt === input.ReceiptHandle);
      if (!message) throw new Error('No such receipt handle.');
      message.visibleAt = Date.now() + Number(input.VisibilityTimeout) * 1_000;
      message.delayed = true;
      return {};
    }
    throw new Error(`There is no ${action} here.`);
  }
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
