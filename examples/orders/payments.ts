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

/** The URL of the payment service. */
export const PaymentsEnv = z.object({ PAY_URL: z.url() });
type PaymentsContext = Context<z.infer<typeof PaymentsEnv>>;

/** In ms: how long a failing payment service is not called. */
const OPEN_FOR = 1_000;

/** The calls to the payment service, which may fail or be slow. */
export function payments() {
  // One circuit for all calls to the service. An attempt may take as long as the function's timeout allows.
  const service = compose(
    retry({ name: 'payments', attempts: 2, backoff: exponential({ base: 20 }) }),
    circuitBreaker({ name: 'payments', failures: 3, openFor: OPEN_FOR }),
    timeout(5_000),
  );
  /** While the circuit is open, an order is redelivered, but not before the service may be called again. */
  const laterWhileOut = fallback(
    () => {
      throw retryLater({ after: OPEN_FOR });
    },
    { name: 'payments', when: isRefused },
  );
  const post = resilientFetch(compose(laterWhileOut, service));
  /** If the service is down, customers are offered an invoice, and see no error. */
  const get = resilientFetch(
    compose(
      fallback(() => undefined, { name: 'payment methods' }),
      service,
    ),
  );

  return {
    /**
     * Pays for an order. It is safe to call again with the same key: the order is paid once.
     *
     * @throws DeliverySignal to reject an order that can never be paid, or to retry it later.
     */
    async pay(order: Order, key: string, context: PaymentsContext): Promise<{ paid: string }> {
      const headers = { 'content-type': 'application/json', 'idempotency-key': `"${key}"` };
      const url = new URL('charges', context.env.PAY_URL);
      const response = await post(url, { method: 'POST', headers, body: JSON.stringify(order) }, context);
      if (response.status === 201) return { paid: order.orderId };
      await response.body?.cancel();
      // The service has accepted the order, but is busy.
      if (response.status === 202) throw retryLater({ after: 1_000 });
      if (response.status === 422) throw reject('The payment service does not sell an article of the order.');
      throw new Error(`The payment service answered ${response.status}.`);
    },

    /** The payment methods that are available now. */
    async methods(context: PaymentsContext): Promise<readonly string[]> {
      const response = await get(new URL('methods', context.env.PAY_URL), {}, context);
      return response?.ok ? z.array(z.string()).parse(await response.json()) : ['invoice'];
    },
  };
}
