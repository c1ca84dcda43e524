import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ROOT } from './bundle.ts';

interface Published {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}
interface Message extends Published {
  readonly id: string;
  readonly time: string;
}
/** Delivers a message of a subscription. Resolves to whether it was acked. */
export type Push = (push: object, topic: string) => Promise<boolean>;

const PROTOS = join(ROOT, 'node_modules/@google-cloud/pubsub/build/protos');
const TYPES = join(ROOT, 'node_modules/google-gax/build/protos');

/**
 * A stand-in for Google's Pub/Sub, whose emulator is not available from npm. It has topics to which the vendor's own
 * client publishes (`PUBSUB_EMULATOR_HOST`), and for each topic a subscription that pushes a message until it is acked,
 * five times at most, with a short backoff in between.
 */
export class PubSubStandIn {
  readonly #server = new Server();
  readonly #topics = new Map<string, Message[]>();
  #count = 0;

  /** Starts the server, and returns its address. */
  async listen(): Promise<string> {
    const definition = loadSync('google/pubsub/v1/pubsub.proto', { includeDirs: [PROTOS, TYPES] });
    this.#server.addService(definition['google.pubsub.v1.Publisher'] as ServiceDefinition, {
      Publish: (
        { request: { topic, messages } }: { request: { topic: string; messages: Published[] } },
        answer: (error: null, value: { messageIds: string[] }) => void,
      ) =>
        answer(null, { messageIds: messages.map((message) => this.publish(topic.split('/').at(-1) ?? '', message)) }),
    });
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    return `127.0.0.1:${port}`;
  }

  /** Publishes a message, as a client does, and returns its id. */
  publish(topic: string, { data, attributes }: Published): string {
    this.#count += 1;
    const id = String(10_000_000_000 + this.#count);
    this.messages(topic).push({ id, time: new Date().toISOString(), data, attributes });
    return id;
  }

  /** The messages in a topic. */
  messages(topic: string): Message[] {
    const waiting = this.#topics.get(topic) ?? [];
    this.#topics.set(topic, waiting);
    return waiting;
  }

  /** Pushes all messages in a topic. A message that is never acked goes to the dead-letter topic. */
  async drain(topic: string, push: Push, deadLetterTopic = `${topic}-dead`): Promise<void> {
    for (;;) {
      const message = this.messages(topic).shift();
      if (!message) return;
      let isAcked = false;
      for (let attempt = 1; attempt <= 5 && !isAcked; attempt++) {
        isAcked = await push(toPush(message, topic, attempt), topic);
        if (!isAcked) await sleep(20 * attempt);
      }
      if (!isAcked) this.messages(deadLetterTopic).push(message);
    }
  }

  close(): void {
    this.#server.forceShutdown();
  }
}

/** A message as a subscription pushes it. */
export function toPush({ id, time, data, attributes }: Message, topic: string, deliveryAttempt: number): object {
  return {
    message: {
      data: data.toString('base64'),
      messageId: id,
      message_id: id,
      publishTime: time,
      publish_time: time,
      attributes,
    },
    subscription: `projects/demo/subscriptions/${topic}`,
    deliveryAttempt,
  };
}

/** A message as Eventarc passes it to a function: a CloudEvent in binary mode. */
export function overEventarc(push: object, topic: string): RequestInit {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': String((push as { message?: { messageId?: string } }).message?.messageId ?? 'none'),
      'ce-source': `//pubsub.googleapis.com/projects/demo/topics/${topic}`,
      'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
      'ce-time': new Date().toISOString(),
    },
    body: JSON.stringify(push),
  };
}
