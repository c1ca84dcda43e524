import type { Order } from './order.ts';

/** Stands for a payment service: it refuses what it does not sell. */
export async function pay(order: Order): Promise<{ paid: string }> {
  const unknown = order.items.find(({ sku }) => sku === 'unknown');
  if (unknown) throw new Error(`There is no article '${unknown.sku}'.`);
  return { paid: order.orderId };
}
