// An entry is one line, whatever is in it: nobody outside can write entries of their own, or command a terminal.
import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { lambda } from '@tradewind/adapters/lambda';
import { type Context, consoleLogger, defineFunction, type Logger, queue, reject } from '@tradewind/core';
import { deliver, fakeMessage } from '@tradewind/core/testing';
import { azureLogger, jsonLogger, pinoLogger, powertoolsLogger } from '@tradewind/telemetry/logging';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let said: string[];
beforeEach(() => {
  said = [];
  vi.stubEnv('POWERTOOLS_DEV', undefined);
  for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void said.push(String(line)));
  }
  const write = (line: string): boolean => {
    said.push(String(line).replace(/\n$/, ''));
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(write as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const ESCAPES = ['\n', '\r', '\r\n', '\t', '\v', '\f', '\b', '\0', '\u001b[2J', '\u001b]0;x\u0007'];
/** JSON leaves these as they are. */
const BEYOND_JSON = ['\u007f', '\u0085', '\u009b2J', '\u2028', '\u2029'];
const FORGED = '{"level":"info","message":"forged"}';

const azure = Object.fromEntries(
  (['debug', 'info', 'warn', 'error'] as const).map((level) => [level, (line: string) => void said.push(line)]),
);
const onAzure = (context: Context): Logger =>
  azureLogger()({ ...context, platform: 'azure', native: { event: undefined, context: azure } } as never);
/** Made late, for it keeps the console that it finds. */
const tools = (context: Context): Logger => powertoolsLogger(new Powertools())(context);

test.each<[string, Logger | ((context: Context) => Logger) | undefined, string[]]>([
  ['the default logger', undefined, ESCAPES],
  ['consoleLogger', consoleLogger({ service: 'shop' }), ESCAPES],
  ['jsonLogger', jsonLogger(), [...ESCAPES, ...BEYOND_JSON]],
  ['azureLogger', onAzure, [...ESCAPES, ...BEYOND_JSON]],
  ['pinoLogger', pinoLogger(pino({}, { write: (line: string) => void said.push(line.trimEnd()) })), ESCAPES],
  ['powertoolsLogger', tools, ESCAPES],
])('%s', async (_name, logger, escapes) => {
  const fn = (logger ? defineFunction.logger(logger as Logger) : defineFunction)('f', queue({ queue: 'q' })).handle(
    ({ id, data }, { log }) => {
      log.info(`Got ${id}.`, { [`name ${id}`]: id, data, list: [id], error: new Error(id) });
      throw reject(id);
    },
  );
  for (const odd of escapes) {
    said = [];
    const id = `1${odd}${FORGED}`;
    await deliver(fn, fakeMessage({ id }, { id }));
    expect(said.length).toBe(2);
    for (const line of said) {
      expect(line).toContain('1');
      expect(line).not.toContain(odd);
    }
  }
});

test.each(['Text', 'JSON'])('Lambda’s own log in the format %s', async (format) => {
  vi.stubEnv('AWS_LAMBDA_LOG_FORMAT', format);
  const fn = defineFunction('f', queue({ queue: 'q' })).handle(({ data }, { log }) => log.info(String(data)));
  const record = {
    messageId: `m\n${FORGED}`,
    receiptHandle: 'r',
    body: JSON.stringify(`1\n${FORGED}`),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:1:q',
    awsRegion: 'eu-west-1',
  };
  const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 9_000 };
  await (lambda(fn) as (event: unknown, context: unknown) => Promise<unknown>)({ Records: [record] }, context);
  expect(said.length).toBe(1);
  expect(said[0]).not.toContain('\n');
});
