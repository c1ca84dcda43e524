import type { AnyEvent, BeforeParsing, Context, Observed } from '@tradewind/core';
import { checkOptions, misconfigured, mustBe } from '@tradewind/core/adapter';
import { tellOnce } from '../safely.js';
import { type Measured, measuring, type Recorder } from './measuring.js';

/** Options of {@link emf}. */
export interface EmfOptions {
  /**
   * The CloudWatch namespace of the metrics: 1 to 255 letters, digits, spaces and `. - _ / # :`. Names that begin with
   * `AWS/` are reserved.
   */
  readonly namespace: string;
  /**
   * Receives the lines; it is not awaited. Default: the console, or standard output on Lambda with the JSON log format.
   */
  readonly sink?: (line: string) => void;
}

/**
 * The namespaces that CloudWatch accepts. It silently drops metrics in others, and reserves `AWS/` for AWS's services.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Namespace
 */
const NAMESPACE = /^(?!AWS\/|:| *$)[\w.\-/#: ]+$/;

/** Which events are counted, by type, and the metric that each one counts in. */
const COUNTED: Readonly<Record<string, (event: Readonly<Record<string, unknown>>) => string | undefined>> = {
  'retry.scheduled': () => 'Retries',
  'timeout.reached': () => 'Timeouts',
  'policy.refused': () => 'Refusals',
  'fallback.used': () => 'Fallbacks',
  'circuit.changed': ({ from, to }) => (to === 'open' && from === 'closed' ? 'CircuitsOpened' : undefined),
  'idempotency.key': ({ news }) => (news === 'replayed' ? 'Replays' : news === 'takeover' ? 'Takeovers' : undefined),
};

/**
 * Counts and times every request and message in CloudWatch's embedded metric format: it writes one JSON line per
 * invocation, which CloudWatch turns into metrics. It needs no client, agent or SDK.
 *
 * @returns a layer that runs before parsing.
 * @throws FunctionError `misconfigured` if CloudWatch does not accept the namespace or an option is invalid.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @example
 * ```ts
 * import { defineFunction } from '@tradewind/core';
 * import { emf } from '@tradewind/telemetry/emf';
 *
 * export const fn = defineFunction.use(emf({ namespace: 'Shop' }));
 * ```
 */
// biome-ignore lint/complexity/noBannedTypes: adds nothing
export function emf(options: EmfOptions): BeforeParsing<AnyEvent, Context, {}> {
  checkOptions('emf', options, ['namespace', 'sink']);
  const { namespace, sink } = options;
  mustBe('string', namespace, 'emf(...): `namespace`');
  if (namespace.length < 1 || namespace.length > 255) {
    throw misconfigured(`emf(...): \`namespace\` must have 1 to 255 characters; got ${namespace.length}.`);
  }
  if (!NAMESPACE.test(namespace)) {
    throw misconfigured(
      'emf(...): `namespace` must be a name of letters, digits, spaces and . - _ / # : that is not blank and does ' +
        `not begin with 'AWS/' or ':'; got ${JSON.stringify(namespace)}.`,
    );
  }
  if (sink !== undefined) mustBe('function', sink, 'emf(...): `sink`');
  // The messages of a batch share an id: an event is counted on the line of the next message to end.
  const running = new Map<string, { left: number; counted: Map<string, number> }>();
  const recorder: Recorder = {
    began(invocationId) {
      const own = running.get(invocationId) ?? { left: 0, counted: new Map() };
      own.left++;
      running.set(invocationId, own);
    },
    left(invocationId) {
      const own = running.get(invocationId);
      if (!own) return undefined;
      const { counted } = own;
      own.counted = new Map();
      if (--own.left === 0) running.delete(invocationId);
      return counted;
    },
    invoked(measured, context, counted = new Map()) {
      const line = lineOf(namespace, measured, counted);
      if (!sink) return context.logSink.info(line);
      // An async function is assignable to the type of `sink` too: its rejection would end the process.
      Promise.resolve(sink(line) as unknown).catch((error) => tellOnce(context, error));
    },
    observed(event) {
      const { type, invocationId, ...fields } = event as Observed & Readonly<Record<string, unknown>>;
      // Only for invocations that run in this layer.
      const counted = running.get(String(invocationId))?.counted;
      const name = counted && COUNTED[type]?.(fields);
      if (name !== undefined) counted?.set(name, (counted.get(name) ?? 0) + 1);
    },
  };
  return measuring(() => recorder);
}

function lineOf(namespace: string, measured: Measured, counted: ReadonlyMap<string, number>): string {
  const { functionName, platform, duration, coldStart, status, error, invocationId } = measured;
  const values: Record<string, number> = {
    Invocations: 1,
    Errors: error === undefined ? 0 : 1,
    ColdStarts: coldStart ? 1 : 0,
    ...ended(measured),
    ...Object.fromEntries(counted),
  };
  const metrics = [
    { Name: 'Duration', Unit: 'Milliseconds' },
    ...Object.keys(values).map((name) => ({ Name: name, Unit: 'Count' })),
  ];
  const dimensions = ['Function', 'Platform'];
  return JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [dimensions], Metrics: metrics },
        ...(error === undefined
          ? []
          : [
              {
                Namespace: namespace,
                Dimensions: [[...dimensions, 'Error']],
                Metrics: [{ Name: 'Errors', Unit: 'Count' }],
              },
            ]),
      ],
    },
    Function: functionName,
    Platform: platform,
    ...(error !== undefined && { Error: error }),
    ...(status !== undefined && { status }),
    invocationId,
    Duration: Math.round(duration * 1_000) / 1_000,
    ...values,
  });
}

/** The number of deliveries per outcome. */
function ended({
  outcome,
  outcomes = outcome === undefined ? {} : { [outcome]: 1 },
}: Measured): Record<string, number> {
  return Object.fromEntries(
    Object.entries(outcomes).map(([name, count]) => [OUTCOMES[name as keyof typeof OUTCOMES], count]),
  );
}

const OUTCOMES = { ack: 'Acked', retry: 'Retried', retryLater: 'Delayed', reject: 'Rejected' } as const;
