import { type Context, reject, retryLater } from '@tradewind/core';
import {
  circuitBreaker,
  compose,
  exponential,
  fallback,
  isRefused,
  resilientFetch,
  retry,
  timeout,
} from '@tradewind/resilience';
import { z } from 'zod';
import type { Order } from './order.ts';

/** Where the payment service is. */
export const PaymentsEnv = z.object({ PAY_URL: z.url() });
type PaymentsContext = Context<z.infer<typeof PaymentsEnv>>;

/** In ms: how long nobody asks a payment service that has failed. */
const OPEN_FOR = 1_000;

/** What is asked of the payment service, which has its bad days. */
export function payments() {
  // One circuit for all that is asked there. An attempt may take as long as the function has.
  const service = compose(
    retry({ name: 'payments', attempts: 2, backoff: exponential({ base: 20 }) }),
    circuitBreaker({ name: 'payments', failures: 3, openFor: OPEN_FOR }),
    timeout(5_000),
  );
  /** While nobody asks it an order comes again, and not before it is worth asking. */
  const laterWhileOut = fallback(
    () => {
      throw retryLater({ after: OPEN_FOR });
    },
    { name: 'payments', when: isRefused },
  );
  const post = resilientFetch(compose(laterWhileOut, service));
  /** A customer is asked for an invoice then, and sees no error. */
  const get = resilientFetch(
    compose(
      fallback(() => undefined, { name: 'payment methods' }),
      service,
    ),
  );

  return {
    /**
     * Pays for an order, once for a key: it may be asked again with it.
     *
     * @throws DeliverySignal where no further try will help, or where it is to be tried later.
     */
    async pay(order: Order, key: string, context: PaymentsContext): Promise<{ paid: string }> {
      const headers = { 'content-type': 'application/json', 'idempotency-key': `"${key}"` };
      const url = new URL('charges', context.env.PAY_URL);
      const response = await post(url, { method: 'POST', headers, body: JSON.stringify(order) }, context);
      if (response.status === 201) return { paid: order.orderId };
      await response.body?.cancel();
      // It has taken note of the order, and is busy.
      if (response.status === 202) throw retryLater({ after: 1_000 });
      if (response.status === 422) throw reject('The payment service does not sell an article of the order.');
      throw new Error(`The payment service answered ${response.status}.`);
    },

    /** How customers can pay now. */
    async methods(context: PaymentsContext): Promise<readonly string[]> {
      const response = await get(new URL('methods', context.env.PAY_URL), {}, context);
      return response?.ok ? z.array(z.string()).parse(await response.json()) : ['invoice'];
    },
  };
}
