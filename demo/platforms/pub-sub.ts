import { type PubSubStandIn, toPush } from '../../test/hosts/pub-sub-stand-in.ts';
import { fate, orderIn } from './platform.ts';

/** Delivers a push, and returns whether it was acked. */
type Hand = (push: object) => Promise<boolean>;

let count = 0;

/** Pushes each text once, as a separate message. */
export async function deliverOver(hand: Hand, texts: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const text of texts) {
    count += 1;
    const message = { id: `m-${count}`, time: new Date().toISOString(), data: Buffer.from(text), attributes: {} };
    outcomes.push((await hand(toPush(message, 'orders', 1))) ? 'ack' : 'retry');
  }
  return outcomes;
}

/** Pushes everything that was published, and returns how each order ended. */
export async function followOver(
  pubsub: PubSubStandIn,
  hand: Hand,
  orderIds: readonly string[],
  logs: () => string,
): Promise<string[]> {
  await pubsub.drain('orders', hand, 'orders-dropped');
  const dead = pubsub.messages('orders-dead').map(({ data }) => orderIn(data.toString()));
  return orderIds.map((id) => fate(id, logs(), dead));
}

/** The environment variables that the vendor's client reads. */
export function pubSubVariables(address: string): Readonly<Record<string, string>> {
  return { PUBSUB_EMULATOR_HOST: address, PUBSUB_PROJECT_ID: 'demo', GOOGLE_CLOUD_PROJECT: 'demo' };
}
