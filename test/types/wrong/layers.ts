// Layers, and what they add to the context.
import {
  beforeParsing,
  type CloudEvent,
  type Context,
  defineFunction,
  defineMiddleware,
  type HttpEvent,
  http,
  json,
  queue,
  reply,
} from '@tradewind/core';
import { Order } from './functions.js';

const get = defineFunction('get', http({ method: 'GET', path: '/' }));
const post = defineFunction('post', http({ method: 'POST', path: '/', body: Order }));
const one = defineFunction('one', queue({ queue: 'q' }));
const auth = beforeParsing(async (event: HttpEvent, _context, next) =>
  event.headers.get('authorization') ? next({ user: { id: 'u' } }) : reply(json(401, { error: 'Who are you?' })),
);
const traced = defineMiddleware(async (event: CloudEvent, _context, next) => next({ source: event.source }));
const admin = defineMiddleware(async (_event: HttpEvent, context: Context & { user: { id: string } }, next) =>
  next({ isAdmin: context.user.id === 'root' }),
);

// error: The context already has 'user'
get.use(auth).use(auth);
// error: The context already has 'log'
get.use(async (_event, _context, next) => next({ log: 1 }));
// error: The context already has 'env'
one.use(async (_event, _context, next) => next({ env: {} }));
// error: not assignable to type 'Promise<Result
get.use(async (_event, _context, next) => {
  await next();
});
// error: not assignable to type 'Promise<Result
one.use(async () => {});
// error: is not assignable to type 'Promise<Result
get.use(async () => json(401, {}));
// error: not assignable to type 'Promise<Result
defineMiddleware(async (_event, _context, next) => {
  await next();
});
// error: not assignable to type 'Promise<Result
beforeParsing(async (_event, _context, next) => {
  await next();
});
// error: not assignable
one.use(auth);
// error: not assignable
get.use(traced);
// error: 'user' is missing
get.use(admin);
// error: not assignable
defineFunction.use(auth);
// error: not assignable
one.use('auth');
get.use(async (event, _context, next) => {
  // error: 'event.body' is of type 'unknown'
  return next({ id: event.body.orderId });
});
// error: 'event.body' is of type 'unknown'
beforeParsing(async (event: HttpEvent, _context, next) => next({ id: event.body.orderId }));
post.use(async (event, context, next) => {
  // error: Property 'price' does not exist
  if (event.body.price > 10) return reply(json(400, {}));
  // error: Property 'user' does not exist
  return next({ id: context.user.id });
});
get.use(auth).handle((_event, { user }) => {
  // error: Property 'name' does not exist
  return user.name;
});
// error: Property 'user' does not exist
get.handle((_event, context) => context.user);
