/** What a handler of requests may return, and what does not compile. Compiled, never run. */
import { defineFunction, type HttpResult, http, json, queue, reply } from '../index.js';

const get = defineFunction('f', http({ method: 'GET', path: '/' }));
declare const isFound: boolean;
// biome-ignore lint/suspicious/noExplicitAny: a handler may be untyped
declare const anything: any;
declare const unknown: unknown;

// A response in Lambda's format, as API Gateway takes it: it would be a 200 with this object as JSON.
// @ts-expect-error
get.handle(() => ({ statusCode: 404, body: 'no' }));
// @ts-expect-error
get.handle(async () => ({ statusCode: 404, headers: { 'x-a': '1' }, body: 'no', isBase64Encoded: false }));
// @ts-expect-error
get.handle(() => ({ statusCode: '404', body: 'no' }));
// @ts-expect-error
get.handle(() => (isFound ? json(200, 1) : { statusCode: 404, body: 'no' }));
// @ts-expect-error
get.handle(() => {
  if (!isFound) return { statusCode: 404 };
  return { id: 1 };
});
// @ts-expect-error
get.handle((): { statusCode?: number; body?: string; cookies?: string[] } => ({}));
// @ts-expect-error: a result is made by a helper, so that data cannot be one
get.handle(() => ({ status: 200, body: 'hi' }));
// @ts-expect-error
get.handle(() => ({ status: 200, headers: {}, cookies: [], body: 'hi' }));
// @ts-expect-error: it has no brand
export const written: HttpResult = { status: 200, headers: {}, cookies: [], body: 'hi' };

// Data with a member of its own, results, and what is not known.
get.handle(() => ({ statusCode: 404, error: 'of another service' }));
get.handle(() => ({ status: 7, id: 'o-1' }));
get.handle(() => ({ status: 'paid', body: 'thanks' }));
get.handle(() => ({ body: 'x' }));
get.handle(() => ({}));
get.handle(() => ({ ...json(200, { statusCode: 404 }), status: 201 }));
get.handle(() => anything);
get.handle(() => unknown);
get.handle(() => 'text');
get.handle(() => {});
get.handle(async () => (isFound ? new Response() : null));
get.use(async () => reply(json(401, {}))).handle(() => [{ statusCode: 404 }]);
get.handle(async function* () {
  yield 'text';
});
// A message has no response.
defineFunction('q', queue({ queue: 'q' })).handle(() => ({ statusCode: 404, body: 'no' }));
