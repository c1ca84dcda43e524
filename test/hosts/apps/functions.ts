import {
  beforeParsing,
  bytes,
  cookie,
  defineFunction,
  empty,
  FunctionError,
  type HttpEvent,
  http,
  json,
  queue,
  reply,
} from '@tradewind/core';
import { z } from 'zod';

const auth = beforeParsing(async (event: HttpEvent, _context, next) =>
  event.headers.get('authorization') === 'Bearer let-me-in'
    ? next({ user: 'u-1' })
    : reply(json(401, { error: 'who?' })),
);

export const echo = defineFunction('echo', http({ method: 'POST', path: '/echo/:name', maxBodySize: 100_000 })).handle(
  ({ params, query, headers, cookies, body }) =>
    json(
      200,
      {
        name: params.name,
        query,
        cookies,
        header: headers.get('x-several'),
        body:
          body instanceof Uint8Array ? `bytes ${body.byteLength}` : body instanceof FormData ? [...body.keys()] : body,
      },
      { cookies: [cookie('a', '1'), cookie('b', 'x y')], headers: { 'x-many': ['1', '2'] } },
    ),
);

export const binary = defineFunction('binary', http({ method: 'GET', path: '/binary' })).handle(() =>
  bytes(200, new Uint8Array([0, 255, 128, 10])),
);

export const streamed = defineFunction('streamed', http({ method: 'GET', path: '/streamed' })).handle(() => {
  const parts = ['one ', 'two ', 'three'];
  const body = new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/plain' } });
});

export const broken = defineFunction('broken', http({ method: 'GET', path: '/broken' })).handle(
  () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          controller.enqueue(new TextEncoder().encode('half'));
          await new Promise((resolve) => setTimeout(resolve, 20));
          controller.error(new Error('the source broke'));
        },
      }),
    ),
);

export const nothing = defineFunction('nothing', http({ method: 'GET', path: '/nothing' })).handle(() => empty(204));

export const secret = defineFunction(
  'secret',
  http({ method: 'POST', path: '/secret', body: z.object({ id: z.string() }) }),
)
  .use(auth)
  .handle(({ body }, { user }) => ({ user, id: body.id }));

const verifying = beforeParsing(async (event: HttpEvent, _context, next) => {
  const { length } = await event.request.text();
  return next({ length });
});

export const verified = defineFunction('verified', http({ method: 'POST', path: '/verified', maxBodySize: 1_000 }))
  .use(verifying)
  .handle(({ body, request }, { length }) => ({ body, length, type: request.headers.get('content-type') }));

export const splitter = defineFunction('splitter', http({ method: 'GET', path: '/splitter' })).handle(() =>
  json(200, {}, { headers: { 'x-evil': 'a\r\nset-cookie: stolen=1' } }),
);

export const thrower = defineFunction('thrower', http({ method: 'GET', path: '/thrower' })).handle(() => {
  throw new Error('the password is hunter2');
});

export const gone = defineFunction('gone', http({ method: 'GET', path: '/gone' })).handle(() => {
  throw new FunctionError('gone', 'It was here until yesterday.');
});

export const variables = defineFunction
  .env(z.object({ GREETING: z.string(), MISSING_ONE: z.string().optional() }))(
    'variables',
    http({ method: 'GET', path: '/variables' }),
  )
  .handle((_event, { env }) => ({ greeting: env.GREETING }));

export const later = defineFunction('later', http({ method: 'GET', path: '/later' })).handle(
  (_event, { waitUntil }) => {
    waitUntil(
      new Promise<void>((resolve) => setTimeout(resolve, 100)).then(() => {
        done += 1;
      }),
    );
    return { done };
  },
);
let done = 0;

export const HTTP = [
  echo,
  binary,
  streamed,
  nothing,
  secret,
  verified,
  splitter,
  thrower,
  gone,
  variables,
  later,
] as const;

const Job = z.object({ id: z.string(), does: z.enum(['good', 'fail']) });

export const work = defineFunction('work', queue({ queue: 'orders', data: Job })).handle(async ({ data }) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (data.does === 'fail') throw new Error('it does not work');
});

export const exits = defineFunction('exits', http({ method: 'GET', path: '/' })).handle(({ query }) => {
  if (query.how === 'exit') process.exit(3);
  if (query.how === 'never') return new Promise(() => setTimeout(() => {}, 60_000));
  return { fine: true };
});
