import { type PubSubStandIn, toPush } from '../../test/hosts/pub-sub-stand-in.ts';
import { fate, orderIn } from './platform.ts';

/** Hands a push over, and says whether it was acked. */
type Hand = (push: object) => Promise<boolean>;

let count = 0;

/** Pushes each text as a message of its own, once. */
export async function deliverOver(hand: Hand, texts: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const text of texts) {
    count += 1;
    const message = { id: `m-${count}`, time: new Date().toISOString(), data: Buffer.from(text), attributes: {} };
    outcomes.push((await hand(toPush(message, 'orders', 1))) ? 'ack' : 'retry');
  }
  return outcomes;
}

/** Pushes everything that was published, and says what became of each order. */
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

/** What the vendor's client wants to know. */
export function pubSubVariables(address: string): Readonly<Record<string, string>> {
  return { PUBSUB_EMULATOR_HOST: address, PUBSUB_PROJECT_ID: 'demo', GOOGLE_CLOUD_PROJECT: 'demo' };
}
