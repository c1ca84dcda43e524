import { reject, retryLater } from '@tradewind/core';
import type { Order } from './order.ts';

/** Stands for a payment service: some articles it does not sell, and some days it is busy, or does not answer at all. */
export async function pay(order: Order, attempt: number): Promise<{ paid: string }> {
  const skus = order.items.map(({ sku }) => sku);
  if (skus.includes('unknown')) throw reject("There is no article 'unknown'.");
  if (skus.includes('busy') && attempt === 1) throw retryLater({ after: 1_000 });
  if (skus.includes('broken')) throw new Error('The payment service is broken.');
  if (skus.includes('stuck')) await new Promise(() => setTimeout(() => {}, 60_000));
  return { paid: order.orderId };
}
