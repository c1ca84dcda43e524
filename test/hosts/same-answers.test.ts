import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AzureHost, startAzure } from './azure-host.ts';
import { bundle } from './bundle.ts';
import { type GcfHost, startGcf } from './gcf-host.ts';
import { type LambdaHost, startLambda, whyNotLambda } from './lambda-host.ts';
import { type NodeHost, startNode } from './node-host.ts';
import { fromV2, fromWeb, type HostAnswer, type HostRequest, REQUESTS, toV2 } from './requests.ts';
import { startWorkers, type WorkersHost } from './workers-host.ts';

const STATUS: Readonly<Record<string, number>> = {
  'invalid JSON': 400,
  'a polluted body': 400,
  'inside, wrong': 400,
  'not for everybody': 401,
  'unknown path': 404,
  'another case': 404,
  'wrong method': 405,
  'a FunctionError': 410,
  'too large': 413,
  'inside, unsupported': 415,
  'inside, JSON as a form': 400,
  'inside, unlabelled': 415,
  'read before parsing, too large': 413,
  nothing: 204,
  'response splitting': 500,
  'a throw': 500,
};

/** Google's framework parses JSON before a function sees the request, and answers invalid JSON itself. */
const NO_JSON = ['invalid JSON', 'not for everybody'];

let workers: WorkersHost;
let lambda: LambdaHost | undefined;
let node: NodeHost;
/** Without and with HTTP streams. */
let azure: AzureHost[];
let gcf: GcfHost;

beforeAll(async () => {
  const env = { GREETING: 'hello' };
  workers = await startWorkers(await bundle('test/hosts/apps/workers.ts', 'workers'), env);
  node = await startNode(await bundle('test/hosts/apps/node-http.ts', 'node'), env);
  const azureApp = await bundle('test/hosts/apps/azure-http.ts', 'node');
  azure = await Promise.all([startAzure(azureApp, env), startAzure(azureApp, { ...env, STREAMS: 'yes' })]);
  gcf = await startGcf(await bundle('test/hosts/apps/gcf-http.ts', 'node'), ['http'], env);
  if (!whyNotLambda()) lambda = await startLambda(await bundle('test/hosts/apps/lambda-http.ts', 'node'), env);
});
afterAll(async () => {
  await Promise.all([workers, node, lambda, gcf, ...azure].map((host) => host?.stop()));
});

async function over(host: Pick<NodeHost, 'fetch'>, request: HostRequest): Promise<HostAnswer> {
  const { method, path, search, headers = {}, body = null } = request;
  return fromWeb(await host.fetch(`${path}${search ? `?${search}` : ''}`, { method, headers, body }));
}

async function onLambda(request: HostRequest): Promise<HostAnswer> {
  const outcome = await lambda!.invoke(toV2(request));
  if (outcome.kind !== 'answered') throw new Error(JSON.stringify(outcome));
  return fromV2(outcome.value);
}

describe('the real runtimes answer the same', () => {
  test.each(REQUESTS)('$name', async (request) => {
    const answer = await over(workers, request);
    expect(answer.status).toBe(STATUS[request.name] ?? 200);
    expect(Buffer.from(answer.body, 'base64').toString()).not.toMatch(/hunter2|stolen/);
    if (request.method === 'HEAD') expect(answer.body).toBe('');
    expect(await over(node, request)).toEqual(answer);
    if (lambda) expect(await onLambda(request)).toEqual(answer);
    const framework = { fetch: (path: string, init?: RequestInit) => gcf.fetch('http', path, init) };
    const googles = await over(framework, request);
    if (NO_JSON.includes(request.name)) expect(googles.status).toBe(400);
    else expect(googles).toEqual(answer);
    for (const host of azure) {
      // For a path without a function, Azure's host itself sends an empty response.
      const own = request.name === 'unknown path' ? { ...answer, body: '', type: '' } : answer;
      expect(await over(host, request)).toEqual(own);
    }
  });
});
