import { defineFunction, type HttpEvent, http, queue, type StandardSchema } from '@tradewind/core';
import { fakeHttp, fakeMessage } from '@tradewind/core/testing';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { everyPlatform } from './testing/index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

type Answer = { status: number; body: unknown };

/** The one answer of every platform to a body that arrives as text, and to the same body as bytes. */
async function answers(body: string | Uint8Array, contentType: string, schema?: StandardSchema): Promise<Answer> {
  const handler = ({ body: parsed }: HttpEvent): unknown => [
    parsed instanceof Uint8Array ? [...parsed] : parsed instanceof FormData ? [...parsed] : parsed,
  ];
  const fn = define('f', http({ method: 'POST', path: '/', ...(schema && { body: schema }) })).handle(handler as never);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const all: Answer[] = [];
  for (const form of typeof body === 'string' ? [body, bytes] : [bytes]) {
    const fake = fakeHttp({ body: form, headers: { 'content-type': contentType } });
    const { platforms, differences } = await everyPlatform(fn, fake as never);
    expect(differences).toEqual([]);
    all.push({ status: platforms.lambda.value?.status ?? 0, body: platforms.lambda.value?.body });
  }
  expect(all.at(-1)).toEqual(all[0]);
  return all[0] as Answer;
}

const MARK = '\ufeff';
const utf16 = (text: string) => new Uint8Array(Uint16Array.from(text, (char) => char.charCodeAt(0)).buffer);

describe('text and bytes of one body are the same body on every platform', () => {
  test.each<[string, string | Uint8Array, string, number, unknown]>([
    ['JSON', '{"a":1}', JSON_TYPE, 200, { a: 1 }],
    ['JSON with a byte order mark', `${MARK}{"a":1}`, JSON_TYPE, 200, { a: 1 }],
    ['a quoted string with one', `${MARK}"a"`, JSON_TYPE, 200, 'a'],
    ['a byte order mark inside JSON', `{"a":"${MARK}"}`, JSON_TYPE, 200, { a: MARK }],
    ['two byte order marks', `${MARK}${MARK}{"a":1}`, JSON_TYPE, 400, undefined],
    ['nothing but a byte order mark, as JSON', MARK, JSON_TYPE, 400, undefined],
    ['JSON by suffix with one', `${MARK}{"a":1}`, 'application/merge-patch+json; charset=UTF-8', 200, { a: 1 }],
    ['text with one', `${MARK}ü`, 'text/plain', 200, 'ü'],
    ['text with one inside', `a${MARK}`, 'text/plain; charset=utf-8', 200, `a${MARK}`],
    ['a form with one', `${MARK}a=1`, FORM, 200, { a: '1' }],
    ['bytes with one', `${MARK}a`, 'application/octet-stream', 200, [0xef, 0xbb, 0xbf, 0x61]],
    ['no type, with one', `${MARK}a`, '', 200, [0xef, 0xbb, 0xbf, 0x61]],
    ['UTF-16 with one', utf16(`${MARK}a`), 'text/plain; charset=utf-16', 200, 'a'],
    ['text in another charset', 'ü', 'text/plain; charset=latin1', 200, 'Ã¼'],
    ['text in a quoted charset', 'ü', 'text/plain; charset="UTF8"', 200, 'ü'],
    ['text in a charset that nobody knows', 'a', 'text/plain; charset=klingon', 415, undefined],
    ['JSON that is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE, 400, undefined],
  ])('%s', async (_name, body, contentType, status, expected) => {
    const answer = await answers(body, contentType);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body).toEqual([expected]);
  });
});

const SCHEMAS = {
  zod: [z.object({ sku: z.string() }), z.instanceof(FormData)],
  'zod/mini': [mini.object({ sku: mini.string() }), mini.instanceof(FormData)],
  valibot: [v.object({ sku: v.string() }), v.instance(FormData)],
  arktype: [type({ sku: 'string' }), type.instanceOf(FormData)],
} as unknown as Record<string, [StandardSchema, StandardSchema]>;

describe.each(Object.entries(SCHEMAS))(
  'unlabelled and mislabelled bodies for schemas of %s',
  (_name, [object, form]) => {
    const json = '{"sku":"tea"}';
    const multipart = 'multipart/form-data; boundary=b';
    const part = '--b\r\ncontent-disposition: form-data; name="sku"\r\n\r\ntea\r\n--b--\r\n';
    const wrong = (sent: string, right: string) => `A body of type '${sent}' is not accepted here. Send ${right}.`;
    const [asJson, asForm] = ['application/json, not compressed', 'multipart/form-data'];
    const mismatch = (sent: string) =>
      `The request does not match the schema. See errors. The body was read as '${sent}'.`;

    test.each<[string, StandardSchema, string, string, number, string]>([
      ['JSON that `curl -d` labels as a form', object, json, FORM, 400, mismatch(FORM)],
      ['a form without the field', object, 'qty=1', FORM, 400, mismatch(FORM)],
      ['a multipart without the field', object, part.replace('sku', 'qty'), multipart, 400, mismatch(multipart)],
      ['JSON without a type', object, json, '', 415, wrong('unknown', asJson)],
      ['JSON as bytes', object, json, 'application/octet-stream', 415, wrong('application/octet-stream', asJson)],
      ['JSON as text', object, json, 'text/plain', 415, wrong('text/plain', asJson)],
      [
        'JSON without the field',
        object,
        '{"qty":1}',
        JSON_TYPE,
        400,
        'The request does not match the schema. See errors.',
      ],
      ['JSON of another kind', object, '[1]', JSON_TYPE, 400, 'The request does not match the schema. See errors.'],
      ['a form as JSON', object, 'sku=tea', JSON_TYPE, 400, 'The body is not valid JSON.'],
      ['JSON as a multipart', object, json, multipart, 400, 'The body is not valid multipart/form-data.'],
      ['JSON for a FormData', form, json, JSON_TYPE, 415, wrong(JSON_TYPE, asForm)],
      ['a list for a FormData', form, '[1]', JSON_TYPE, 415, wrong(JSON_TYPE, asForm)],
      ['JSON as a form, for a FormData', form, json, FORM, 415, wrong(FORM, asForm)],
      ['text for a FormData', form, json, 'text/plain', 415, wrong('text/plain', asForm)],
      ['no type, for a FormData', form, json, '', 415, wrong('unknown', asForm)],
    ])('%s', async (_case, schema, body, contentType, status, detail) => {
      expect(await answers(body, contentType, schema)).toMatchObject({ status, body: { detail } });
    });

    test('what is labelled right is accepted', async () => {
      expect(await answers(json, JSON_TYPE, object)).toEqual({ status: 200, body: [{ sku: 'tea' }] });
      expect(await answers('sku=tea', FORM, object)).toEqual({ status: 200, body: [{ sku: 'tea' }] });
      expect(await answers(part, multipart, form)).toEqual({ status: 200, body: [[['sku', 'tea']]] });
    });
  },
);

test('a schema that wants a FormData, in its own words', async () => {
  const schema = z.instanceof(FormData, { error: 'Fill in the form.' });
  expect(await answers('{}', JSON_TYPE, schema as never)).toMatchObject({ status: 415 });
});

describe('a byte order mark of a message', () => {
  const seen: unknown[] = [];
  const fn = define('f', queue({ queue: 'orders' })).handle(({ data }) => void seen.push(data));

  test.each<[string, string, unknown]>([
    ['before JSON is dropped', `${MARK}{"a":1}`, { a: 1 }],
    ['before text is dropped', `${MARK}a`, 'a'],
    ['before an id stays no number', `${MARK}89e7073266`, '89e7073266'],
    ['inside stays', `{"a":"${MARK}"}`, { a: MARK }],
    ['is dropped only once', `${MARK}${MARK}{"a":1}`, `${MARK}{"a":1}`],
  ])('%s on every platform', async (_name, text, data) => {
    seen.length = 0;
    const { platforms, differences } = await everyPlatform(fn, fakeMessage(text));
    expect(differences).toEqual([]);
    expect(platforms.lambda).toMatchObject({ outcome: 'ack' });
    const supported = Object.values(platforms).filter((report) => report.supported);
    expect(seen).toEqual(supported.map(() => data));
  });
});

test.each([
  ['text', `${MARK}a`, 'text/plain'],
  ['JSON', `${MARK}{"a":1}`, JSON_TYPE],
  ['bytes', new TextEncoder().encode(`${MARK}a`), 'application/octet-stream'],
])('a byte order mark of an answer is sent, and is the same to every client (%s)', async (_name, body, contentType) => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(
    () => new Response(body as string, { headers: { 'content-type': contentType } }),
  );
  expect((await everyPlatform(fn, fakeHttp())).differences).toEqual([]);
});
