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
import {
  type Delivery,
  downgraded,
  type InvocationContext,
  mustBe,
  report,
  type Settlement,
} from '@tradewind/core/adapter';
import { toSeconds } from '../shared/seconds.js';
import { deliverSingle } from '../shared/single.js';
import { fromKnown, type Verify } from './senders.js';
import type { Posted } from './wiring.js';

/** Reads a message of one kind from an HTTP request. */
export type Decode = (event: HttpEvent, fn: AnyFunction, invocation: InvocationContext) => Delivery;

/** In bytes: a Pub/Sub message has 10 MB at most, and a third more in base64. */
const LARGEST = 14_000_000;

/**
 * Wraps a function for messages in an HTTP function to which they are posted, so that it shares a server, and the
 * server's limits, with all other functions.
 */
export function toEndpoint(fn: AnyFunction, decode: Decode, verify: Verify = () => true): AnyFunction {
  const { path = `/${fn.name}`, webhookOrigin } = (fn.settings.wiring ?? {}) as Posted;
  mustBe('string', path, `on(${fn.name}, ...): \`path\``);
  const posted = defineFunction(fn.name, http({ method: 'POST', path, maxBodySize: LARGEST }))
    .use(consenting(webhookOrigin))
    .use(fromKnown(verify))
    .handle(async (event, context) => answer(event, fn, decode, (context as unknown as InvocationContext).of(fn)));
  return { ...posted, settings: fn.settings };
}

/**
 * Gives permission to a sender that asks for it before it sends, as Event Grid does.
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
    // A 500, because this is a configuration mistake and not the message's fault: after a 4xx a broker may drop the
    // message.
    report(invocation.log, 'error', error.message, { error });
    return problem(500, { detail: error.message });
  }
  return toAnswer(await deliverSingle(fn, delivery, invocation), delivery, invocation);
}

const LONGEST_DELAY = 86_400;

/**
 * A 2xx is an ack. After a 5xx, brokers redeliver the message. After a 400 they dead-letter it or, like Pub/Sub,
 * redeliver it as well.
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
  // Not if the sink failed: it may work the next time, and until then the broker must keep the message.
  if (outcome === 'reject' && isDeliverySignal(error)) return problem(400, { detail: 'The message was rejected.' });
  if (outcome !== 'retryLater') return problem(503);
  downgraded(
    invocation,
    id,
    'retry',
    'Over HTTP a delay is only a Retry-After header, which not every sender follows.',
  );
  return problem(503, {}, { headers: { 'retry-after': String(toSeconds(after, LONGEST_DELAY)) } });
}
