import {
  type AnyFunction,
  type BeforeParsing,
  beforeParsing,
  type Context,
  defineFunction,
  empty,
  type HttpEvent,
  type HttpResult,
  http,
  isDeliverySignal,
  isFunctionError,
  problem,
  reply,
} from '@tradewind/core';
import { type Delivery, downgraded, type InvocationContext, report, type Settlement } from '@tradewind/core/adapter';
import { toSeconds } from '../shared/seconds.js';
import { deliverSingle } from '../shared/single.js';
import type { Posted } from './wiring.js';

/** How the messages of one kind come over HTTP. */
export type Decode = (event: HttpEvent, fn: AnyFunction, invocation: InvocationContext) => Delivery;

/** In bytes: a message of Pub/Sub has 10 MB at most, and a third more in base64. */
const LARGEST = 14_000_000;

/**
 * A function that gets messages, as an HTTP function to which they are posted. So they share a server, and its limits,
 * with all others.
 */
export function toEndpoint(fn: AnyFunction, decode: Decode): AnyFunction {
  const { path = `/${fn.name}`, webhookOrigin } = (fn.settings.wiring ?? {}) as Posted;
  const posted = defineFunction(fn.name, http({ method: 'POST', path, maxBodySize: LARGEST }))
    .use(consenting(webhookOrigin))
    .handle(async (event, context) => answer(event, fn, decode, (context as unknown as InvocationContext).of(fn)));
  return { ...posted, settings: fn.settings };
}

/**
 * Says yes to a sender that asks first whether it may send, as Event Grid does.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 */
function consenting(allowed: string | undefined): BeforeParsing<HttpEvent, Context, object> {
  return beforeParsing(async ({ method, headers }: HttpEvent, _context, next) => {
    const origin = method === 'OPTIONS' ? headers.get('webhook-request-origin') : null;
    if (origin === null || origin !== allowed) return next();
    return reply(empty(200, { headers: { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' } }));
  });
}

async function answer(
  event: HttpEvent,
  fn: AnyFunction,
  decode: Decode,
  invocation: InvocationContext,
): Promise<HttpResult> {
  let delivery: Delivery;
  try {
    delivery = decode(event, fn, invocation);
  } catch (error) {
    if (!isFunctionError(error)) throw error;
    // A wiring mistake, and no fault of the message: a broker that is told of a client's error forgets it.
    report(invocation.log, 'error', error.message, { error });
    return problem(500, { detail: error.message });
  }
  return toAnswer(await deliverSingle(fn, delivery, invocation), delivery, invocation);
}

const LONGEST_DELAY = 86_400;

/**
 * A 2xx is an ack. Brokers deliver again what is answered with a 5xx; a 400 they hand to their dead letters, or, as
 * Pub/Sub, deliver again as well.
 *
 * @see https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 */
function toAnswer(
  { done, outcome, after = 0, error }: Settlement,
  { event: { id } }: Delivery,
  invocation: InvocationContext,
): HttpResult {
  if (done) return empty();
  // A sink that failed may work the next time, and a broker must not forget the message before.
  if (outcome === 'reject' && isDeliverySignal(error)) return problem(400, { detail: 'The message was rejected.' });
  if (outcome !== 'retryLater') return problem(503);
  downgraded(invocation, id, 'retry', 'Over HTTP a delay is asked for by Retry-After, and not every sender keeps it.');
  return problem(503, {}, { headers: { 'retry-after': String(toSeconds(after, LONGEST_DELAY)) } });
}
