import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundle, ROOT } from '../hosts/bundle.ts';
import { dynamodb } from '../servers/dynamodb.ts';
import { snippets } from '../snippets/extract.ts';

// The steps of docs/middy.md, as they stand there, one after the other over the same tables.

type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const FOLDER = '.cache/migration';
let server: Awaited<ReturnType<typeof dynamodb>>;
beforeAll(async () => {
  server = await dynamodb('idempotency', 'orders-idempotency');
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
});

async function handlerOf(step: string): Promise<Handler> {
  const snippet = snippets().find(({ file, name }) => file === 'docs/middy.md' && name === step);
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  writeFileSync(join(ROOT, FOLDER, `${step}.ts`), snippet?.code ?? `throw new Error('There is no ${step}.');`);
  return ((await import(await bundle(`${FOLDER}/${step}.ts`, 'node'))) as { handler: Handler }).handler;
}

function request(key: string | undefined, body: string): object {
  const requestContext = { http: { method: 'POST', path: '/orders' }, stage: '$default' };
  const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  return {
    version: '2.0',
    rawPath: '/orders',
    rawQueryString: '',
    headers,
    requestContext,
    body,
    isBase64Encoded: false,
  };
}

test('each step answers as the one before, and runs no request that an earlier one has completed', async ({
  onTestFinished,
}) => {
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: server.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_LAMBDA_FUNCTION_NAME: 'orders',
    // Powertools' logger writes on a console of its own otherwise.
    POWERTOOLS_DEV: 'true',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  onTestFinished(() => info.mockRestore());

  const context = { functionName: 'orders', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 5_000 };
  const runs = () => info.mock.calls.filter(([line]) => String(line).includes('Placing.')).length;
  const keys: string[] = [];
  for (const step of ['before', 'step-1', 'step-3']) {
    const handler = await handlerOf(step);
    const ask = async (key: string | undefined, body: string) => {
      const { statusCode, body: answer } = await handler(request(key, body), context);
      return [statusCode, JSON.parse(answer)];
    };
    keys.push(`key-of-${step}`);
    const before = runs();
    // What this step and all before have completed is answered from their records.
    for (const key of [...keys, ...keys]) {
      expect(await ask(key, `{"id":"${key}"}`), `${key} in ${step}`).toEqual([202, { id: key }]);
    }
    expect(runs() - before, `runs of ${step}`).toBe(1);
    // Without a key a request runs as often as it comes.
    expect(await ask(undefined, '{"id":"o-1"}')).toEqual([202, { id: 'o-1' }]);
    expect(await ask(undefined, '{"id":"o-1"}')).toEqual([202, { id: 'o-1' }]);
    expect(runs() - before, `runs of ${step} without a key`).toBe(3);
  }
});
