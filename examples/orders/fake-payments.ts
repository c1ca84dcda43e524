import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Order } from './order.ts';

/** A fake payment service. It does not sell some articles, and it can be busy, down, or not respond at all. */
export interface FakePayments extends AsyncDisposable {
  readonly url: string;
  /** Whether it answers every request with 503. */
  isOut: boolean;
  /** The orders that it was asked to charge, with repetitions. */
  readonly asked: readonly string[];
}

/** Starts a fake payment service on this machine. */
export async function fakePayments(): Promise<FakePayments> {
  const asked: string[] = [];
  const busy = new Set<string>();
  const payments = { isOut: false };

  const charge = ({ orderId, items }: Order): number | undefined => {
    const skus = items.map(({ sku }) => sku);
    if (skus.includes('unknown')) return 422;
    if (skus.includes('broken')) return 500;
    if (skus.includes('stuck')) return undefined;
    if (!skus.includes('busy') || busy.has(orderId)) return 201;
    busy.add(orderId);
    return 202;
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'GET') {
      response.writeHead(payments.isOut ? 503 : 200, { 'content-type': 'application/json' });
      response.end(payments.isOut ? '' : '["card","invoice"]');
      return;
    }
    const order = JSON.parse(Buffer.concat(chunks).toString()) as Order;
    asked.push(order.orderId);
    const status = payments.isOut ? 503 : charge(order);
    if (status !== undefined) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    get isOut() {
      return payments.isOut;
    },
    set isOut(isOut) {
      payments.isOut = isOut;
    },
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
