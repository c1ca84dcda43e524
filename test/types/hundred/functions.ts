// A hundred functions, as an API has them: what their types cost the compiler is tested.
import { node } from '@tradewind/adapters/node';
import { beforeParsing, defineFunction, type HttpEvent, http, json, reply } from '@tradewind/core';
import { z } from 'zod';

const user = beforeParsing(async (event: HttpEvent, _context, next) => {
  const id = event.headers.get('authorization');
  return id ? next({ user: { id, roles: ['reader'] } }) : reply(json(401, { error: 'Who are you?' }));
});
const define = defineFunction.env(
  z.object({ TABLE: z.string(), REGION: z.enum(['eu', 'us']), LIMIT: z.coerce.number() }),
);

const f0 = define(
  'function-0',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-0/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page0: z.string().optional() }),
    body: z.object({
      name0: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name0,
      page: query.page0,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f1 = define(
  'function-1',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-1/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page1: z.string().optional() }),
    body: z.object({
      name1: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name1,
      page: query.page1,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f2 = define(
  'function-2',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-2/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page2: z.string().optional() }),
    body: z.object({
      name2: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name2,
      page: query.page2,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f3 = define(
  'function-3',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-3/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page3: z.string().optional() }),
    body: z.object({
      name3: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name3,
      page: query.page3,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f4 = define(
  'function-4',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-4/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page4: z.string().optional() }),
    body: z.object({
      name4: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name4,
      page: query.page4,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f5 = define(
  'function-5',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-5/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page5: z.string().optional() }),
    body: z.object({
      name5: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name5,
      page: query.page5,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f6 = define(
  'function-6',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-6/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page6: z.string().optional() }),
    body: z.object({
      name6: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name6,
      page: query.page6,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f7 = define(
  'function-7',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-7/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page7: z.string().optional() }),
    body: z.object({
      name7: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name7,
      page: query.page7,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f8 = define(
  'function-8',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-8/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page8: z.string().optional() }),
    body: z.object({
      name8: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name8,
      page: query.page8,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f9 = define(
  'function-9',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-9/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page9: z.string().optional() }),
    body: z.object({
      name9: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name9,
      page: query.page9,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f10 = define(
  'function-10',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-10/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page10: z.string().optional() }),
    body: z.object({
      name10: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name10,
      page: query.page10,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f11 = define(
  'function-11',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-11/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page11: z.string().optional() }),
    body: z.object({
      name11: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name11,
      page: query.page11,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f12 = define(
  'function-12',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-12/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page12: z.string().optional() }),
    body: z.object({
      name12: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name12,
      page: query.page12,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f13 = define(
  'function-13',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-13/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page13: z.string().optional() }),
    body: z.object({
      name13: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name13,
      page: query.page13,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f14 = define(
  'function-14',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-14/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page14: z.string().optional() }),
    body: z.object({
      name14: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name14,
      page: query.page14,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f15 = define(
  'function-15',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-15/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page15: z.string().optional() }),
    body: z.object({
      name15: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name15,
      page: query.page15,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f16 = define(
  'function-16',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-16/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page16: z.string().optional() }),
    body: z.object({
      name16: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name16,
      page: query.page16,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f17 = define(
  'function-17',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-17/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page17: z.string().optional() }),
    body: z.object({
      name17: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name17,
      page: query.page17,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f18 = define(
  'function-18',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-18/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page18: z.string().optional() }),
    body: z.object({
      name18: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name18,
      page: query.page18,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f19 = define(
  'function-19',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-19/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page19: z.string().optional() }),
    body: z.object({
      name19: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name19,
      page: query.page19,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f20 = define(
  'function-20',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-20/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page20: z.string().optional() }),
    body: z.object({
      name20: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name20,
      page: query.page20,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f21 = define(
  'function-21',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-21/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page21: z.string().optional() }),
    body: z.object({
      name21: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name21,
      page: query.page21,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f22 = define(
  'function-22',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-22/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page22: z.string().optional() }),
    body: z.object({
      name22: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name22,
      page: query.page22,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f23 = define(
  'function-23',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-23/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page23: z.string().optional() }),
    body: z.object({
      name23: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name23,
      page: query.page23,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f24 = define(
  'function-24',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-24/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page24: z.string().optional() }),
    body: z.object({
      name24: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name24,
      page: query.page24,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f25 = define(
  'function-25',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-25/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page25: z.string().optional() }),
    body: z.object({
      name25: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name25,
      page: query.page25,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f26 = define(
  'function-26',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-26/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page26: z.string().optional() }),
    body: z.object({
      name26: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name26,
      page: query.page26,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f27 = define(
  'function-27',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-27/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page27: z.string().optional() }),
    body: z.object({
      name27: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name27,
      page: query.page27,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f28 = define(
  'function-28',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-28/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page28: z.string().optional() }),
    body: z.object({
      name28: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name28,
      page: query.page28,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f29 = define(
  'function-29',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-29/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page29: z.string().optional() }),
    body: z.object({
      name29: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name29,
      page: query.page29,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f30 = define(
  'function-30',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-30/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page30: z.string().optional() }),
    body: z.object({
      name30: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name30,
      page: query.page30,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f31 = define(
  'function-31',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-31/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page31: z.string().optional() }),
    body: z.object({
      name31: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name31,
      page: query.page31,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f32 = define(
  'function-32',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-32/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page32: z.string().optional() }),
    body: z.object({
      name32: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name32,
      page: query.page32,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f33 = define(
  'function-33',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-33/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page33: z.string().optional() }),
    body: z.object({
      name33: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name33,
      page: query.page33,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f34 = define(
  'function-34',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-34/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page34: z.string().optional() }),
    body: z.object({
      name34: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name34,
      page: query.page34,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f35 = define(
  'function-35',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-35/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page35: z.string().optional() }),
    body: z.object({
      name35: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name35,
      page: query.page35,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f36 = define(
  'function-36',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-36/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page36: z.string().optional() }),
    body: z.object({
      name36: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name36,
      page: query.page36,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f37 = define(
  'function-37',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-37/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page37: z.string().optional() }),
    body: z.object({
      name37: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name37,
      page: query.page37,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f38 = define(
  'function-38',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-38/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page38: z.string().optional() }),
    body: z.object({
      name38: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name38,
      page: query.page38,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f39 = define(
  'function-39',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-39/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page39: z.string().optional() }),
    body: z.object({
      name39: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name39,
      page: query.page39,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f40 = define(
  'function-40',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-40/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page40: z.string().optional() }),
    body: z.object({
      name40: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name40,
      page: query.page40,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f41 = define(
  'function-41',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-41/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page41: z.string().optional() }),
    body: z.object({
      name41: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name41,
      page: query.page41,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f42 = define(
  'function-42',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-42/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page42: z.string().optional() }),
    body: z.object({
      name42: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name42,
      page: query.page42,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f43 = define(
  'function-43',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-43/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page43: z.string().optional() }),
    body: z.object({
      name43: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name43,
      page: query.page43,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f44 = define(
  'function-44',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-44/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page44: z.string().optional() }),
    body: z.object({
      name44: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name44,
      page: query.page44,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f45 = define(
  'function-45',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-45/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page45: z.string().optional() }),
    body: z.object({
      name45: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name45,
      page: query.page45,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f46 = define(
  'function-46',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-46/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page46: z.string().optional() }),
    body: z.object({
      name46: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name46,
      page: query.page46,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f47 = define(
  'function-47',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-47/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page47: z.string().optional() }),
    body: z.object({
      name47: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name47,
      page: query.page47,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f48 = define(
  'function-48',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-48/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page48: z.string().optional() }),
    body: z.object({
      name48: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name48,
      page: query.page48,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f49 = define(
  'function-49',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-49/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page49: z.string().optional() }),
    body: z.object({
      name49: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name49,
      page: query.page49,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f50 = define(
  'function-50',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-50/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page50: z.string().optional() }),
    body: z.object({
      name50: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name50,
      page: query.page50,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f51 = define(
  'function-51',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-51/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page51: z.string().optional() }),
    body: z.object({
      name51: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name51,
      page: query.page51,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f52 = define(
  'function-52',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-52/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page52: z.string().optional() }),
    body: z.object({
      name52: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name52,
      page: query.page52,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f53 = define(
  'function-53',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-53/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page53: z.string().optional() }),
    body: z.object({
      name53: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name53,
      page: query.page53,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f54 = define(
  'function-54',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-54/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page54: z.string().optional() }),
    body: z.object({
      name54: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name54,
      page: query.page54,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f55 = define(
  'function-55',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-55/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page55: z.string().optional() }),
    body: z.object({
      name55: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name55,
      page: query.page55,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f56 = define(
  'function-56',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-56/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page56: z.string().optional() }),
    body: z.object({
      name56: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name56,
      page: query.page56,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f57 = define(
  'function-57',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-57/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page57: z.string().optional() }),
    body: z.object({
      name57: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name57,
      page: query.page57,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f58 = define(
  'function-58',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-58/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page58: z.string().optional() }),
    body: z.object({
      name58: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name58,
      page: query.page58,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f59 = define(
  'function-59',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-59/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page59: z.string().optional() }),
    body: z.object({
      name59: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name59,
      page: query.page59,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f60 = define(
  'function-60',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-60/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page60: z.string().optional() }),
    body: z.object({
      name60: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name60,
      page: query.page60,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f61 = define(
  'function-61',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-61/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page61: z.string().optional() }),
    body: z.object({
      name61: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name61,
      page: query.page61,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f62 = define(
  'function-62',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-62/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page62: z.string().optional() }),
    body: z.object({
      name62: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name62,
      page: query.page62,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f63 = define(
  'function-63',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-63/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page63: z.string().optional() }),
    body: z.object({
      name63: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name63,
      page: query.page63,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f64 = define(
  'function-64',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-64/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page64: z.string().optional() }),
    body: z.object({
      name64: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name64,
      page: query.page64,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f65 = define(
  'function-65',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-65/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page65: z.string().optional() }),
    body: z.object({
      name65: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name65,
      page: query.page65,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f66 = define(
  'function-66',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-66/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page66: z.string().optional() }),
    body: z.object({
      name66: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name66,
      page: query.page66,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f67 = define(
  'function-67',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-67/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page67: z.string().optional() }),
    body: z.object({
      name67: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name67,
      page: query.page67,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f68 = define(
  'function-68',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-68/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page68: z.string().optional() }),
    body: z.object({
      name68: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name68,
      page: query.page68,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f69 = define(
  'function-69',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-69/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page69: z.string().optional() }),
    body: z.object({
      name69: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name69,
      page: query.page69,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f70 = define(
  'function-70',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-70/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page70: z.string().optional() }),
    body: z.object({
      name70: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name70,
      page: query.page70,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f71 = define(
  'function-71',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-71/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page71: z.string().optional() }),
    body: z.object({
      name71: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name71,
      page: query.page71,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f72 = define(
  'function-72',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-72/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page72: z.string().optional() }),
    body: z.object({
      name72: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name72,
      page: query.page72,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f73 = define(
  'function-73',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-73/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page73: z.string().optional() }),
    body: z.object({
      name73: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name73,
      page: query.page73,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f74 = define(
  'function-74',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-74/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page74: z.string().optional() }),
    body: z.object({
      name74: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name74,
      page: query.page74,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f75 = define(
  'function-75',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-75/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page75: z.string().optional() }),
    body: z.object({
      name75: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name75,
      page: query.page75,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f76 = define(
  'function-76',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-76/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page76: z.string().optional() }),
    body: z.object({
      name76: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name76,
      page: query.page76,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f77 = define(
  'function-77',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-77/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page77: z.string().optional() }),
    body: z.object({
      name77: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name77,
      page: query.page77,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f78 = define(
  'function-78',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-78/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page78: z.string().optional() }),
    body: z.object({
      name78: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name78,
      page: query.page78,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f79 = define(
  'function-79',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-79/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page79: z.string().optional() }),
    body: z.object({
      name79: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name79,
      page: query.page79,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f80 = define(
  'function-80',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-80/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page80: z.string().optional() }),
    body: z.object({
      name80: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name80,
      page: query.page80,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f81 = define(
  'function-81',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-81/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page81: z.string().optional() }),
    body: z.object({
      name81: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name81,
      page: query.page81,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f82 = define(
  'function-82',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-82/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page82: z.string().optional() }),
    body: z.object({
      name82: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name82,
      page: query.page82,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f83 = define(
  'function-83',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-83/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page83: z.string().optional() }),
    body: z.object({
      name83: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name83,
      page: query.page83,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f84 = define(
  'function-84',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-84/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page84: z.string().optional() }),
    body: z.object({
      name84: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name84,
      page: query.page84,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f85 = define(
  'function-85',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-85/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page85: z.string().optional() }),
    body: z.object({
      name85: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name85,
      page: query.page85,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f86 = define(
  'function-86',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-86/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page86: z.string().optional() }),
    body: z.object({
      name86: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name86,
      page: query.page86,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f87 = define(
  'function-87',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-87/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page87: z.string().optional() }),
    body: z.object({
      name87: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name87,
      page: query.page87,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f88 = define(
  'function-88',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-88/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page88: z.string().optional() }),
    body: z.object({
      name88: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name88,
      page: query.page88,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f89 = define(
  'function-89',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-89/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page89: z.string().optional() }),
    body: z.object({
      name89: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name89,
      page: query.page89,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f90 = define(
  'function-90',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-90/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page90: z.string().optional() }),
    body: z.object({
      name90: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name90,
      page: query.page90,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f91 = define(
  'function-91',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-91/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page91: z.string().optional() }),
    body: z.object({
      name91: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name91,
      page: query.page91,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f92 = define(
  'function-92',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-92/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page92: z.string().optional() }),
    body: z.object({
      name92: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name92,
      page: query.page92,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f93 = define(
  'function-93',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-93/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page93: z.string().optional() }),
    body: z.object({
      name93: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name93,
      page: query.page93,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f94 = define(
  'function-94',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-94/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page94: z.string().optional() }),
    body: z.object({
      name94: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name94,
      page: query.page94,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f95 = define(
  'function-95',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-95/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page95: z.string().optional() }),
    body: z.object({
      name95: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name95,
      page: query.page95,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f96 = define(
  'function-96',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-96/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page96: z.string().optional() }),
    body: z.object({
      name96: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name96,
      page: query.page96,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f97 = define(
  'function-97',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-97/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page97: z.string().optional() }),
    body: z.object({
      name97: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name97,
      page: query.page97,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f98 = define(
  'function-98',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-98/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page98: z.string().optional() }),
    body: z.object({
      name98: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name98,
      page: query.page98,
      table: env.TABLE,
      by: user.id,
    }),
  );

const f99 = define(
  'function-99',
  http({
    method: 'POST',
    path: '/tenants/:tenant/things-99/:id',
    query: z.object({ expand: z.enum(['items', 'none']).optional(), page99: z.string().optional() }),
    body: z.object({
      name99: z.string().min(1),
      tags: z.array(z.object({ key: z.string(), value: z.number() })),
      address: z.object({ street: z.string(), zip: z.string(), country: z.string().length(2) }).optional(),
    }),
  }),
)
  .use(user)
  .handle(async ({ params, query, body }, { env, user }) =>
    json(202, {
      id: params.id,
      tenant: params.tenant,
      name: body.name99,
      page: query.page99,
      table: env.TABLE,
      by: user.id,
    }),
  );

export const app = node(
  f0,
  f1,
  f2,
  f3,
  f4,
  f5,
  f6,
  f7,
  f8,
  f9,
  f10,
  f11,
  f12,
  f13,
  f14,
  f15,
  f16,
  f17,
  f18,
  f19,
  f20,
  f21,
  f22,
  f23,
  f24,
  f25,
  f26,
  f27,
  f28,
  f29,
  f30,
  f31,
  f32,
  f33,
  f34,
  f35,
  f36,
  f37,
  f38,
  f39,
  f40,
  f41,
  f42,
  f43,
  f44,
  f45,
  f46,
  f47,
  f48,
  f49,
  f50,
  f51,
  f52,
  f53,
  f54,
  f55,
  f56,
  f57,
  f58,
  f59,
  f60,
  f61,
  f62,
  f63,
  f64,
  f65,
  f66,
  f67,
  f68,
  f69,
  f70,
  f71,
  f72,
  f73,
  f74,
  f75,
  f76,
  f77,
  f78,
  f79,
  f80,
  f81,
  f82,
  f83,
  f84,
  f85,
  f86,
  f87,
  f88,
  f89,
  f90,
  f91,
  f92,
  f93,
  f94,
  f95,
  f96,
  f97,
  f98,
  f99,
);
