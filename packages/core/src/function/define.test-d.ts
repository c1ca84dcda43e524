/** Every promise that the types make, the wrong uses included. Compiled, never run. */
import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  beforeParsing,
  type CloudEvent,
  type Context,
  defineFunction,
  defineMiddleware,
  event,
  type HttpEvent,
  type HttpResult,
  http,
  json,
  type Layer,
  type MultiRecord,
  type QueueBatch,
  queue,
  reject,
  reply,
  retryLater,
  type Sender,
  schedule,
  sender,
} from '../index.js';
import { deliver, fakeBatch, fakeHttp, fakeMessage, fakeRaw, invoke, memory } from '../testing/index.js';

const Order = z.object({ orderId: z.string(), qty: z.coerce.number() });
const auth = beforeParsing(async (event: HttpEvent, _context, next) =>
  event.headers.get('authorization') ? next({ user: { id: 'u' } }) : reply(json(401, { error: 'who?' })),
);
const stamp = defineMiddleware(async (_event, _context, next) => next({ stamped: true }));
declare function idempotency<E extends HttpEvent | CloudEvent, C extends Context>(options: {
  key: (event: E) => string;
  scope?: (event: E, context: C) => string;
}): Layer<E, C, { idempotency: { fence: number } }>;

// The handler sees the schema's output, the literal's parameters, the layers' additions and the checked environment.
const fn = defineFunction.env(z.object({ PAY_URL: z.string() })).use(stamp);
const place = fn('place', http({ method: 'POST', path: '/orders/:id/items/:item', body: Order }))
  .use(auth)
  .use(
    idempotency({
      key: (event) => event.body.orderId,
      scope: (_event, context) => context.user.id,
    }),
  )
  .use(async (_event, _context, next) => {
    const result = await next();
    return result.with({ a: result.value });
  })
  .handle(({ body, params, query, headers, cookies }, { user, env, idempotency, stamped }) => {
    expectTypeOf(body).toEqualTypeOf<{ orderId: string; qty: number }>();
    expectTypeOf(params.id).toEqualTypeOf<string>();
    expectTypeOf(params.item).toEqualTypeOf<string>();
    expectTypeOf(query).toEqualTypeOf<MultiRecord>();
    expectTypeOf(headers.get('x')).toEqualTypeOf<string | null>();
    expectTypeOf(cookies.session).toEqualTypeOf<string | undefined>();
    expectTypeOf(user).toEqualTypeOf<{ id: string }>();
    expectTypeOf(idempotency.fence).toEqualTypeOf<number>();
    expectTypeOf(stamped).toEqualTypeOf<boolean>();
    expectTypeOf(env.PAY_URL).toEqualTypeOf<string>();
    // @ts-expect-error a variable that the schema does not have
    env.PAY_ULR;
    // @ts-expect-error a parameter that the path does not have
    params.order;
    return json(202, { orderId: body.orderId });
  });

// Without .env(...) no variable can be read unchecked.
defineFunction('bare', queue({ queue: 'q' })).handle((event, { env }) => {
  expectTypeOf(event).toEqualTypeOf<CloudEvent<unknown>>();
  // @ts-expect-error there is no index signature
  env.ANYTHING;
});

// Without a body schema the body is unknown.
defineFunction('proxy', http({ method: 'POST', path: '/' })).handle(({ body }) => {
  expectTypeOf(body).toEqualTypeOf<unknown>();
});

const charge = fn('charge', queue({ queue: 'orders', data: Order }))
  .use(idempotency({ key: (message) => message.data.orderId }))
  .handle(({ data }) => ({ paid: data.qty }));

// @ts-expect-error a layer for HTTP does not fit a queue function
fn('x', queue({ queue: 'q' })).use(auth);

const forMessages = defineMiddleware(async (event: CloudEvent, _context, next) => next({ source: event.source }));
// @ts-expect-error a layer for messages does not fit an HTTP function
fn('x', http({ method: 'GET', path: '/' })).use(forMessages);

// @ts-expect-error a layer forgot `return next()`
fn('x', queue({ queue: 'q' })).use(async (_event, _context, next) => {
  await next();
});

const authenticated = fn('x', http({ method: 'GET', path: '/' })).use(auth);
// @ts-expect-error two layers add the same name
authenticated.use(auth);

// @ts-expect-error a layer adds what the context has by itself
fn('x', queue({ queue: 'q' })).use(async (_event, _context, next) => next({ signal: 1 }));

const needsUser = defineMiddleware(async (_event: HttpEvent, context: Context & { user: { id: string } }, next) =>
  next({ mine: context.user.id }),
);
// @ts-expect-error nothing before it adds the user
fn('x', http({ method: 'GET', path: '/' })).use(needsUser);
fn('x', http({ method: 'GET', path: '/' }))
  .use(auth)
  .use(needsUser)
  .handle((_event, { mine }) => mine.length);

// @ts-expect-error a base is for every kind: a layer for HTTP does not fit
defineFunction.use(auth);

// @ts-expect-error before parsing the body is unknown
beforeParsing(async (event: HttpEvent, _context, next) => next({ id: event.body.orderId }));

// @ts-expect-error not a method
http({ method: 'FETCH', path: '/' });

// The value of a call is the handler's; of HTTP the normalised result.
expectTypeOf(await invoke(charge, fakeMessage({ orderId: '1', qty: 2 }))).toEqualTypeOf<{ paid: number }>();
expectTypeOf(await invoke(place, fakeRaw('http', {}))).toEqualTypeOf<HttpResult>();

// A fake event has the type that goes into the schema, so a changed schema breaks its tests where they are written.
await invoke(place, fakeHttp({ params: { id: '1', item: '2' }, body: { orderId: '1', qty: '2' } }));
// @ts-expect-error a number is no order id
await invoke(charge, fakeMessage({ orderId: 1, qty: 2 }));
// @ts-expect-error an HTTP event is none for a queue function
await invoke(charge, fakeHttp());
// @ts-expect-error the body does not fit
await invoke(place, fakeHttp({ params: { id: '1', item: '2' }, body: { orderId: 7, qty: 2 } }));

// @ts-expect-error the body and the parameters are missing
await invoke(place, fakeHttp());
const inline = fn('x', http({ method: 'POST', path: '/', body: Order }));
// @ts-expect-error an inline layer before parsing sees no parsed body either
inline.use(beforeParsing(async (event, _context, next) => next({ id: event.body.orderId })));
expectTypeOf(json(200, 'text').body).toEqualTypeOf<string>();

// Literals and arrays keep the types that the schema wants.
const priced = defineFunction(
  'priced',
  queue({
    queue: 'q',
    data: z.object({ currency: z.enum(['EUR', 'USD']), items: z.array(z.object({ qty: z.number() })) }),
  }),
).handle(({ data }) => data.currency);
await invoke(priced, fakeMessage({ currency: 'EUR', items: [{ qty: 1 }] }));
// @ts-expect-error no such currency
await invoke(priced, fakeMessage({ currency: 'XXX', items: [] }));
// Bad input is what fakeRaw is for.
await invoke(charge, fakeRaw('queue', { orderId: 1 }));

// A sender takes what its function's schema takes: change the schema, and both ends fail to compile.
const charges = sender(charge);
fn('y', queue({ queue: 'q' })).handle(async (_event, context) => {
  expectTypeOf(charges(context)).toEqualTypeOf<Sender<{ orderId: string; qty: unknown }>>();
  await charges(context).send({ orderId: '1', qty: '2' }, { delay: 1_000 });
  // @ts-expect-error a number is no order id
  await charges(context).send({ orderId: 1, qty: 2 });
});
// @ts-expect-error an HTTP function has no queue to send to
sender(place);
sender(charge, memory());

// An event function is sent to in the same way: its type goes with it.
const orderShipped = fn('shipped', event({ type: 'order.shipped', data: Order })).handle(() => {});
const shipments = sender(orderShipped);
fn('y', queue({ queue: 'q' })).handle(async (_event, context) => {
  expectTypeOf(shipments(context)).toEqualTypeOf<Sender<{ orderId: string; qty: unknown }>>();
  // @ts-expect-error the order id is missing
  await shipments(context).send({ qty: 2 });
});
// @ts-expect-error nobody sends to a schedule
sender(fn('nightly', schedule({ cron: '0 3 * * MON' })).handle(() => {}));

// A batch function gets all messages, parsed, and is tested with a batch.
const index = fn('index', queue({ queue: 'orders', data: Order }).batch()).handle((batch) => {
  expectTypeOf(batch).toEqualTypeOf<QueueBatch<{ orderId: string; qty: number }>>();
  return Promise.allSettled(batch.messages.map(async ({ data }) => data.qty));
});
await deliver(index, fakeBatch([{ orderId: '1', qty: '2' }]));
// @ts-expect-error one message is no batch
await deliver(index, fakeMessage({ orderId: '1', qty: 2 }));
// @ts-expect-error a batch is not one message
await deliver(charge, fakeBatch([{ orderId: '1', qty: 2 }]));
// @ts-expect-error a layer for one message does not fit a batch
fn('x', queue({ queue: 'q' }).batch()).use(forMessages);
// @ts-expect-error not a policy
queue({ queue: 'q', onReject: 'ignore' });

// An outcome is thrown; a batch returns nothing or an entry a message.
// @ts-expect-error returned, it would be a value
fn('x', queue({ queue: 'q' })).handle(() => retryLater({ after: 1 }));
// @ts-expect-error the same in a promise, and in one case of two
fn('x', queue({ queue: 'q' })).handle(async ({ data }) => (data ? reject('x') : 1));
// @ts-expect-error what Promise.all gives says nothing of each message
fn('x', queue({ queue: 'q' }).batch()).handle(({ messages }) => Promise.all(messages.map(async () => {})));
fn('x', queue({ queue: 'q' }).batch()).handle(async () => {});
fn('x', queue({ queue: 'q' })).handle(async () => {
  throw reject('x');
});
