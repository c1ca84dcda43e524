import httpContentNegotiation from '@middy/http-content-negotiation';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import httpSecurityHeaders from '@middy/http-security-headers';
import inputOutputLogger from '@middy/input-output-logger';
import { cloudflare } from '@tradewind/adapters/cloudflare';
import { fromMiddy } from '@tradewind/adapters/middy';
import { defineFunction, http, json } from '@tradewind/core';

const place = defineFunction('place', http({ method: 'POST', path: '/orders' }))
  .use(
    fromMiddy(
      inputOutputLogger(),
      httpCors({ origin: '*' }),
      httpSecurityHeaders(),
      httpContentNegotiation({ availableLanguages: ['en', 'de'] }),
      httpJsonBodyParser(),
      httpErrorHandler({ logger: false }),
    ),
  )
  .handle(({ body }, { middy }) => {
    if ((body as { id?: unknown }).id === undefined)
      throw Object.assign(new Error('No id.'), { statusCode: 422, expose: true });
    return json(201, { seen: middy.event.body, parsed: body, language: middy.context.preferredLanguage });
  });

export default cloudflare(place);
