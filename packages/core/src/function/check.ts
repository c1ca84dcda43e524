import { checkOptions, describe, misconfigured, mustBe } from '../errors.js';
import { checkPath } from '../http/path.js';
import type { HttpMethod, HttpTrigger } from '../http/trigger.js';
import type { EventTrigger } from '../messages/event-trigger.js';
import type { QueueTrigger } from '../messages/queue.js';
import { mustBeSchema } from '../schema.js';
import type { AnyFunction } from './define.js';
import { isBeforeParsing } from './middleware.js';
import type { Kind } from './trigger.js';

/**
 * Explains what is wrong with a function's definition, for callers that write JavaScript and for what types cannot say.
 * It runs where functions are tested and developed (`invoke`, `everyPlatform`, `listen`), so that no cold start carries
 * it. What protects a running instance is checked at definition: sizes, times, a schedule's expression.
 *
 * @throws FunctionError `misconfigured`.
 */
export function checkFunction({ name, trigger, middleware, settings }: AnyFunction): void {
  mustBe('string', name, 'defineFunction(...): the name');
  if (settings.kind !== undefined && settings.kind !== trigger.kind) {
    throw misconfigured(`'${name}' is of kind ${trigger.kind}, but its base is for('${settings.kind}').`);
  }
  if (middleware.some((one, index) => isBeforeParsing(one) && !middleware.slice(0, index).every(isBeforeParsing))) {
    throw misconfigured(
      `'${name}': a layer made with beforeParsing must come before ordinary layers, which run after parsing. Move it up, or make the layers before it with beforeParsing too.`,
    );
  }
  const { options, check } = CHECKS[trigger.kind as Kind] ?? {};
  if (!options) return;
  checkOptions(trigger.kind, givenTo(trigger, options), options);
  check?.(trigger as never);
}

/** What a trigger adds to the options that it was given. */
const ADDED = [
  'kind',
  'stages',
  'match',
  'checkResponse',
  'isBatch',
  'checkItem',
  'toDelivery',
  'deliver',
  'deliverAll',
  'batch',
];

/** The options that a trigger was given. */
function givenTo(trigger: object, options: readonly string[]): object {
  const isGiven = (name: string): boolean => options.includes(name) || !ADDED.includes(name);
  return Object.fromEntries(Object.entries(trigger).filter(([name]) => isGiven(name)));
}

interface Check {
  readonly options: readonly string[];
  check(trigger: never): void;
}

const CHECKS: Readonly<Partial<Record<Kind, Check>>> = {
  http: {
    options: ['method', 'path', 'body', 'query', 'response', 'validateResponse', 'maxBodySize', 'timeout'],
    check: checkHttp,
  },
  queue: {
    options: ['queue', 'data', 'timeout', 'concurrency', 'onReject', 'delayedRetry'],
    check: checkQueue,
  },
  event: { options: ['type', 'data', 'timeout', 'onReject'], check: checkEvent },
};

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

function checkHttp({ method, path, query, body, response }: HttpTrigger): void {
  if (!METHODS.includes(method)) {
    // A definition is no outside input, so it may be quoted.
    const came = typeof method === 'string' ? `'${method}'` : describe(method);
    throw misconfigured(`http(...) for '${path}': \`method\` must be one of ${METHODS.join(', ')}; got ${came}.`);
  }
  checkPath(path);
  const what = `http(...) for ${method} ${path}`;
  mustBeSchema(query, `${what}: \`query\``);
  mustBeSchema(body, `${what}: \`body\``);
  mustBeSchema(response, `${what}: \`response\``);
  if (body && (method === 'GET' || method === 'HEAD')) {
    throw misconfigured(`${what}: a ${method} request has no body: remove \`body\`, or use POST.`);
  }
}

function checkQueue({ queue, data }: QueueTrigger): void {
  mustBe('string', queue, 'queue(...): `queue`');
  mustBeSchema(data, `queue(...) for '${queue}': \`data\``);
}

function checkEvent({ type, data }: EventTrigger): void {
  mustBe('string', type, 'event(...): `type`');
  mustBeSchema(data, `event(...) for '${type}': \`data\``);
}
