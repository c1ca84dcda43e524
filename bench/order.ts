import { z } from 'zod';

/** The schema, the same for every contestant. */
export const Order = z.object({
  orderId: z.string().min(1),
  customer: z.object({ id: z.string(), email: z.email() }),
  shipTo: z.object({ street: z.string(), city: z.string(), zip: z.string(), country: z.string().length(2) }),
  items: z.array(z.object({ sku: z.string(), qty: z.number().int().positive(), price: z.number() })).min(1),
  note: z.string().optional(),
});

export type Order = z.infer<typeof Order>;

/** The response of every contestant to a good order. */
export function accepted(order: Order): { id: string; items: number; total: number } {
  return {
    id: order.orderId,
    items: order.items.length,
    total: order.items.reduce((sum, { qty, price }) => sum + qty * price, 0),
  };
}
