import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { ROOT } from './bundle.ts';

const CLIENT = join(ROOT, 'node_modules/aws-lambda-ric');

/** The outcome of an invocation, as the Lambda service sees it. */
export type Outcome =
  | { readonly kind: 'answered'; readonly value: unknown; readonly body: Buffer; readonly streamed: boolean }
  | { readonly kind: 'failed'; readonly error: { readonly errorType: string; readonly errorMessage: string } }
  /** The process ended, or did not respond before the deadline. */
  | { readonly kind: 'crashed'; readonly reason: string };

/** AWS Lambda's own runtime client, behind a small server that speaks the Runtime API. */
export interface LambdaHost {
  readonly version: string;
  invoke(event: unknown, options?: { readonly timeout?: number }): Promise<Outcome>;
  /** What the function wrote to standard output and standard error. */
  logs(): string;
  stop(): Promise<void>;
}

/** Why the runtime client cannot run here; undefined if it can. */
export function whyNotLambda(): string | undefined {
  if (!existsSync(CLIENT))
    return 'aws-lambda-ric is not installed: it is compiled when it is, with cmake, g++, make and python3';
  if (!existsSync(join(CLIENT, 'rapid-client.node'))) return 'the native part of aws-lambda-ric is not built';
  return undefined;
}

interface Pending {
  readonly id: string;
  readonly event: string;
  readonly deadline: number;
  readonly settle: (outcome: Outcome) => void;
}

/** Starts the runtime client on a bundle that exports `handler`. */
export async function startLambda(bundled: string, env: Readonly<Record<string, string>> = {}): Promise<LambdaHost> {
  const api = new RuntimeApi();
  const address = await api.listen();
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [join(CLIENT, 'index.mjs'), 'index.handler'], {
      cwd: dirname(bundled),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        AWS_LAMBDA_RUNTIME_API: address,
        _HANDLER: 'index.handler',
        LAMBDA_TASK_ROOT: dirname(bundled),
        AWS_LAMBDA_FUNCTION_NAME: 'tradewind',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/tradewind',
        AWS_LAMBDA_LOG_STREAM_NAME: 'local',
        ...env,
      },
    });
    child.stdout?.on('data', (chunk: Buffer) => api.log(chunk));
    child.stderr?.on('data', (chunk: Buffer) => api.log(chunk));
    child.once('exit', (code, signal) => api.exited(`the process ended with ${signal ?? `code ${code}`}`));
    return child;
  };
  const kill = async (): Promise<void> => {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  let child = start();
  return {
    version: (JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8')) as { version: string }).version,
    async invoke(event, { timeout = 10_000 } = {}) {
      // Lambda replaces a process that has ended.
      if (hasEnded(child)) child = start();
      const outcome = await api.invoke(event, timeout);
      if (outcome.kind === 'crashed') await kill();
      return outcome;
    },
    logs: () => api.logs,
    async stop() {
      await kill();
      await api.close();
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** One invocation at a time, as in a Lambda instance. */
class RuntimeApi {
  logs = '';
  readonly #server: Server;
  #waiting: ServerResponse | undefined;
  #pending: Pending | undefined;
  #handed = false;
  #count = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#route(request, response));
    // The client requests the next event, and waits until there is one.
    this.#server.requestTimeout = 0;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  log(chunk: Buffer): void {
    this.logs += chunk.toString();
  }

  invoke(event: unknown, timeout: number): Promise<Outcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.exited('no answer before the deadline'), timeout + 500);
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.#pending = undefined;
        resolve(outcome);
      };
      this.#count += 1;
      const id = `00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`;
      this.#pending = { id, event: JSON.stringify(event), deadline: Date.now() + timeout, settle };
      this.#handed = false;
      this.#handOver();
    });
  }

  exited(reason: string): void {
    this.#waiting = undefined;
    this.#pending?.settle({ kind: 'crashed', reason });
  }

  #handOver(): void {
    if (!this.#waiting || !this.#pending || this.#handed) return;
    const { id, event, deadline } = this.#pending;
    this.#handed = true;
    this.#waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(deadline),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:tradewind',
    });
    this.#waiting.end(event);
    this.#waiting = undefined;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      this.#waiting = response;
      response.once('close', () => {
        if (this.#waiting === response) this.#waiting = undefined;
      });
      this.#handOver();
      return;
    }
    const streamed = request.headers['lambda-runtime-function-response-mode'] === 'streaming';
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      this.exited('the answer broke off');
      return;
    }
    const body = Buffer.concat(chunks);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    const pending = this.#pending;
    // A stream that fails reports it in a trailer, because its status has already been sent.
    const trailer = request.trailers['lambda-runtime-function-error-type'];
    if (path.endsWith('/error') || typeof trailer === 'string') {
      const told =
        typeof trailer === 'string' ? { errorType: trailer, errorMessage: 'the stream failed' } : parse(body);
      pending?.settle({ kind: 'failed', error: told as { errorType: string; errorMessage: string } });
    } else {
      pending?.settle({ kind: 'answered', value: streamed ? undefined : parse(body), body, streamed });
    }
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
}
