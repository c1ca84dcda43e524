import { app } from '@azure/functions';
import { azure } from '@tradewind/adapters/azure';
import { type AnyFunction, beforeParsing, defineFunction, type HttpEvent, http, reply, text } from '@tradewind/core';

if (process.env.STREAMS) app.setup({ enableHttpStream: true });

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });

/** A function that answers before its body is parsed, having done something with it. */
const early = (name: string, does: (request: Request) => unknown, timeout?: number): AnyFunction =>
  define(name, http({ method: 'POST', path: `/${name}`, maxBodySize: 4_000_000, ...(timeout && { timeout }) }))
    .use(
      beforeParsing(async ({ request }: HttpEvent) => {
        await does(request);
        return reply(text(200, name));
      }),
    )
    .handle(() => 'never');

azure(
  app,
  define('too-large', http({ method: 'POST', path: '/too-large', maxBodySize: 1_000 })).handle(() => 'never'),
  define('unread', http({ method: 'POST', path: '/unread' }))
    .use(beforeParsing(async () => reply(text(200, 'unread'))))
    .handle(() => 'never'),
  early('abandoned', async ({ body }) => void (await body?.getReader().read())),
  early('cancelled', ({ body }) => void body?.cancel()),
  early('half-cancelled', async ({ body }) => {
    const reader = body?.getReader();
    await reader?.read();
    void reader?.cancel();
  }),
  early('teed', async (request) => void (await request.clone().body?.getReader().read())),
  early('thrown', async ({ body }) => {
    await body?.getReader().read();
    throw new Error('it does not work');
  }),
  early(
    'late',
    async ({ body }) => {
      await body?.getReader().read();
      await new Promise(() => {});
    },
    200,
  ),
  define('streamed', http({ method: 'POST', path: '/streamed', maxBodySize: 4_000_000 }))
    .use(
      beforeParsing(async ({ request }: HttpEvent) => {
        const reader = request.body?.getReader();
        return reply(
          new Response(
            new ReadableStream({
              async pull(controller) {
                controller.enqueue((await reader?.read())?.value);
                controller.close();
              },
            }),
            { headers: { 'content-type': 'text/plain' } },
          ),
        );
      }),
    )
    .handle(() => 'never'),
  define('echoed', http({ method: 'POST', path: '/echoed', maxBodySize: 4_000_000 }))
    .use(beforeParsing(async ({ request }: HttpEvent) => reply(new Response(request.body))))
    .handle(() => 'never'),
  define('named', http({ method: 'GET', path: '/named/:name' })).handle(({ params }) => text(200, params.name)),
  define('whole', http({ method: 'POST', path: '/whole' })).handle(({ body }) =>
    text(200, String((body as string).length)),
  ),
);
