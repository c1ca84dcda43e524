import { describe, expect, test } from 'vitest';
import { LambdaRequest } from '../../packages/adapters/src/lambda/http-request.ts';
import { unparsed } from '../../packages/adapters/src/middy/unparsed.ts';
import { postedEvent } from '../../packages/adapters/src/node/cloud-event.ts';
import { bodyFromBase64, fromBase64 } from '../../packages/adapters/src/shared/base64.ts';
import { headerIndex } from '../../packages/adapters/src/shared/header-index.ts';
import { fromPubSub } from '../../packages/adapters/src/shared/pub-sub.ts';
import { exactText } from '../../packages/adapters/src/shared/text.ts';
import { WebRequestEvent } from '../../packages/adapters/src/shared/web-request.ts';
import { hiding } from '../../packages/core/src/context/hiding.ts';
import { decodeBody, isJson, limited } from '../../packages/core/src/http/body.ts';
import { parseCookies } from '../../packages/core/src/http/cookies.ts';
import { compilePath } from '../../packages/core/src/http/path.ts';
import { parseForm } from '../../packages/core/src/http/records.ts';
import { parseJson } from '../../packages/core/src/json.ts';
import { dataFromText } from '../../packages/core/src/messages/data.ts';
import { normalCron } from '../../packages/core/src/messages/schedule.ts';
import { canonical } from '../../packages/idempotency/src/digest.ts';
import { idempotencyKeyHeader } from '../../packages/idempotency/src/header.ts';
import { retryAfter } from '../../packages/resilience/src/retry-after.ts';
import { Redaction } from '../../packages/telemetry/src/logging/redaction.ts';
import { Writer } from '../../packages/telemetry/src/logging/write.ts';
import { serverOf } from '../../packages/telemetry/src/request.ts';
import { fromCloudTrace, fromW3c, fromXRay } from '../../packages/telemetry/src/tracing/formats.ts';
import { work } from './functions.ts';

/** In characters: the smaller of two sizes. The other is four times that. */
const SIZE = 262_144;
/** In ms. What takes less time is fast enough, whatever its growth. */
const SHORT = 1_000;

const timed = async (run: () => unknown): Promise<number> => {
  const start = performance.now();
  try {
    await run();
  } catch {
    // A refusal must be fast too.
  }
  return performance.now() - start;
};
const best = async (run: () => unknown): Promise<number> =>
  Math.min(await timed(run), await timed(run), await timed(run));

/** Fills a text up to a length: once at the start and the end, and repeated between. */
const fill =
  (unit: string, start = '', end = '') =>
  (length: number): string =>
    start + unit.repeat((length - start.length - end.length) / unit.length) + end;

type Case = readonly [name: string, text: (length: number) => string, run: (text: string) => unknown];

const headersOf = (pairs: Record<string, string>) => new Headers(pairs);
const lambdaOf = (event: object, isV2 = true) =>
  new LambdaRequest({ headers: {}, requestContext: {}, ...event } as never, isV2, 'GET', '/');
const webOf = (url: string) =>
  new (class extends WebRequestEvent<never> {})({ method: 'GET', url, headers: new Headers(), body: null } as never);
const multipart = (text: string) => decodeBody(text, 'multipart/form-data; boundary=b');
const secrets = hiding();
secrets.hide('hunter22');
const writer = new Writer(new Redaction(['a.b', '**.c']));

const PARSERS: readonly Case[] = [
  ...(
    [
      ['quotes that a bracket too many precedes', fill('\\"', `${'['.repeat(1_001)}"`)],
      ['a string that never ends', fill('x', `${'['.repeat(1_001)}"`)],
      ['backslashes', fill('\\\\', '"', '"')],
      ['empty strings', fill('"",', '[', '""]')],
      ['brackets in a string', fill('[{', '"', '"')],
      ['brackets', fill('[]', '', '')],
      ['opened brackets', fill('[')],
      ['spaces', fill(' ', '[', ']')],
      ['an escaped key', fill('{"\\u005f":1},', '[', '1]')],
      ['digits', fill('9', '[', ']')],
    ] as const
  ).flatMap(([name, text]): Case[] => [
    [`JSON of ${name}`, text, parseJson],
    [`a message of ${name}`, text, dataFromText],
    [`a line without secrets, of ${name}`, (length) => JSON.stringify(text(length)), secrets.redactJson],
  ]),
  ...['a&', 'a=&', '&', '=', '+', '%', '%41', 'a=1&', ';', '%F0%9F%98%80&'].map(
    (unit): Case => [`a form of ${unit}`, fill(unit), parseForm],
  ),
  [
    'a form of as many long pairs as are accepted',
    (length) => fill('+', '', '&')(length / 1_000).repeat(1_000),
    parseForm,
  ],
  ...['\r\n--b\r\n', '--b\r\n\r\n', '\r\n', '--b', '-', 'content-disposition: form-data; name="a"\r\n'].map(
    (unit): Case => [`a multipart of ${JSON.stringify(unit)}`, fill(unit, '--b\r\n', '\r\n--b--'), multipart],
  ),
  [
    'a multipart of parts',
    fill('--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n', '', '--b--\r\n'),
    multipart,
  ],
  ...[';', 'a=b; ', ' ', '=', '"', 'a="', '%', 'a=%;'].map(
    (unit): Case => [`cookies of ${unit}`, fill(unit), parseCookies],
  ),
  ...['+json ', '/json;', '/json   ', ' ', '/', ';'].flatMap((unit): Case[] => [
    [`a content type of ${unit}`, fill(unit, 'a/json', 'x'), isJson],
    [
      `a content type of ${unit}, changed by a guest`,
      fill(unit, 'a'),
      (type) => unparsed({ body: {}, headers: { 'content-type': type } }, 'http'),
    ],
  ]),
  ...['charset=', 'charset="', ';', ' '].map(
    (unit): Case => [`a charset of ${unit}`, fill(unit, 'text/plain;'), (type) => decodeBody(new Uint8Array(1), type)],
  ),
  ...['A', '=', 'A=', '\n'].flatMap((unit): Case[] => [
    [`base64 of ${JSON.stringify(unit)}`, fill(unit, '', '!'), fromBase64],
    [`a body in base64 of ${JSON.stringify(unit)}`, fill(unit), bodyFromBase64],
    [
      `a Pub/Sub message of ${JSON.stringify(unit)}`,
      fill(unit),
      (data) => fromPubSub({ message: { messageId: '1', data } }, work, 's'),
    ],
  ]),
  ['text in UTF-8', fill('ü'), (text) => exactText(new TextEncoder().encode(text))],
  ['a size in UTF-8', fill('ü'), (text) => limited(text, SIZE)],
  ...['/', '/a', '%', '%2F', 'a'].flatMap((unit): Case[] => [
    [`a path of ${unit}`, fill(unit, '/a/'), compilePath('/a/:b/:c')],
    [`a URL of ${unit}`, fill(unit, 'https://a.example'), webOf],
  ]),
  ['a URL of ?', fill('?', 'https://a.example'), webOf],
  ['headers', fill('a,'), (text) => headerIndex(text.split(',').map((name) => [name, name] as const))],
  [
    'the query of a REST API',
    fill('a,'),
    (text) => lambdaOf({ multiValueQueryStringParameters: { a: text.split(',') } }, false).search(),
  ],
  ['the cookies of an HTTP API', fill('a=b,'), (text) => lambdaOf({ cookies: text.split(',') }).header('cookie')],
  ...['%', 'a', '%41', '"'].map(
    (unit): Case => [
      `a CloudEvent's header of ${unit}`,
      fill(unit),
      (text) =>
        postedEvent({ headers: headersOf({ 'ce-id': text, [`ce-${'a'.repeat(9)}`]: text }), body: '' } as never),
    ],
  ),
  [
    'the content type of a CloudEvent',
    fill(' ', 'application/cloudevents'),
    (type) => postedEvent({ headers: headersOf({ 'content-type': type }), body: '' } as never),
  ],
  ...['0', '-', ' ', '00-', 'a=1,', ','].flatMap((unit): Case[] => [
    [
      `a traceparent of ${JSON.stringify(unit)}`,
      fill(unit, `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01-`),
      (traceparent) => fromW3c({ traceparent }),
    ],
    [
      `a tracestate of ${JSON.stringify(unit)}`,
      fill(unit),
      (tracestate) => fromW3c({ traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`, tracestate }),
    ],
  ]),
  ...[';', '=', ' ', 'Root=1-;', '1'].map((unit): Case => [`an X-Ray header of ${unit}`, fill(unit), fromXRay]),
  ...['1', '/', ' ', ';o=1'].map(
    (unit): Case => [`a Google Cloud trace of ${unit}`, fill(unit, '1'.repeat(32)), fromCloudTrace],
  ),
  ...['[', ']', ':', '1', 'a'].map((unit): Case => [`a host of ${unit}`, fill(unit), serverOf]),
  ...['1', ' ', 'Mon, ', '(', 'a', ':', '-'].map(
    (unit): Case => [`a Retry-After of ${unit}`, fill(unit, 'Mon, '), (header) => retryAfter(header, 0)],
  ),
  ['a Retry-After of seconds', fill('1'), (header) => retryAfter(header, 0)],
  ...['"', '\\"', ' ', 'a', ','].map(
    (unit): Case => [
      `an idempotency key of ${unit}`,
      fill(unit, '"'),
      (key) => idempotencyKeyHeader()({ headers: headersOf({ 'idempotency-key': key }) } as never),
    ],
  ),
  ['a fingerprint', fill('"a",', '[', '"b"]'), (text) => canonical(JSON.parse(text))],
  ...[' ', '\t', '* '].map((unit): Case => [`a cron of ${JSON.stringify(unit)}`, fill(unit, '*'), normalCron]),
  ...['a', '"', '\\', 'hunter22', 'hunter2'].map(
    (unit): Case => [`a logged text of ${unit}`, fill(unit), secrets.redact],
  ),
  ['a logged list', fill('"a",', '[', '"b"]'), (text) => writer.fields({ list: JSON.parse(text) }, new Set())],
  [
    'a logged object',
    (length) => JSON.stringify(Object.fromEntries(Array.from({ length: length / 8 }, (_, index) => [`k${index}`, 1]))),
    (text) => writer.fields(JSON.parse(text), new Set()),
  ],
];

describe('four times the input takes no more than about four times the time', () => {
  test.each(PARSERS)('%s', async (_name, text, run) => {
    const [small, large] = [text(SIZE), text(4 * SIZE)];
    const most = Math.max(SHORT, 8 * (await best(() => run(small))));
    // Tried again, because other work of the machine may have taken the time.
    expect((await timed(() => run(large))) < most || (await best(() => run(large))) < most).toBe(true);
  });
});
