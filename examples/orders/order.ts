import { z } from 'zod';

export const Order = z.object({
  orderId: z.string().min(1),
  items: z.array(z.object({ sku: z.string(), qty: z.number().int().positive() })).min(1),
});

export type Order = z.infer<typeof Order>;
