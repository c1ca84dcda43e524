import { type Attributes, metrics as api, type Meter, type MeterProvider } from '@opentelemetry/api';
import type { AnyEvent, BeforeParsing, Context } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { ATTRIBUTES } from '../attributes.js';
import { type Measured, measuring, type Recorder } from './measuring.js';

/** Options of {@link metrics}. */
export interface MetricsOptions {
  /** Default: the provider that is registered with OpenTelemetry's API, if there is one. */
  readonly provider?: MeterProvider;
}

const NAME = '@tradewind/telemetry';
/** In seconds, as the conventions advise: the SDK's defaults are meant for milliseconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** One per provider, however many layers there are. */
const recorders = new WeakMap<MeterProvider, Recorder>();

/**
 * Counts and times every request and message with OpenTelemetry: invocations, durations, errors by code, delivery
 * outcomes, cold starts, retries, circuits and idempotency keys. Without an SDK it does nothing.
 *
 * Add `flushOnEnd(provider)` to export the metrics before the instance is frozen.
 *
 * @returns a layer that runs before parsing.
 * @throws FunctionError `misconfigured` if the provider is not a meter provider.
 * @example
 * ```ts
 * import { defineFunction } from '@tradewind/core';
 * import { metrics, tracing } from '@tradewind/telemetry';
 *
 * export const fn = defineFunction.use(tracing()).use(metrics());
 * ```
 */
// biome-ignore lint/complexity/noBannedTypes: adds nothing
export function metrics(options: MetricsOptions = {}): BeforeParsing<AnyEvent, Context, {}> {
  checkOptions('metrics', options, ['provider']);
  const { provider } = options;
  if (provider !== undefined) mustBe('function', provider?.getMeter, 'metrics(...): `provider.getMeter`');
  return measuring(() => {
    // Looked up late: an instrument stays bound to the provider that was registered when it was created.
    const current = provider ?? api.getMeterProvider();
    if (isNone(current)) return undefined;
    const known = recorders.get(current);
    if (known) return known;
    const recorder = recorderOf(current.getMeter(NAME));
    recorders.set(current, recorder);
    return recorder;
  });
}

/** Whether this is the API's placeholder, which it returns if no SDK is registered. */
function isNone(provider: MeterProvider): boolean {
  return provider.constructor.name === 'NoopMeterProvider';
}

function recorderOf(meter: Meter): Recorder {
  const invocations = meter.createCounter('faas.invocations', {
    unit: '{invocation}',
    description: 'Requests and messages',
  });
  const errors = meter.createCounter('faas.errors', { unit: '{error}', description: 'Failed invocations, by error' });
  const coldStarts = meter.createCounter('faas.coldstarts', {
    unit: '{coldstart}',
    description: 'First invocations of an instance',
  });
  const inSeconds = { unit: 's', advice: { explicitBucketBoundaries: BOUNDARIES } };
  const duration = meter.createHistogram('faas.invoke_duration', inSeconds);
  const requests = meter.createHistogram('http.server.request.duration', inSeconds);
  const deliveries = meter.createCounter('tradewind.deliveries', { description: 'Deliveries, by outcome' });
  const counted = meter.createCounter('tradewind.events', { description: 'Retries, refusals, timeouts, fallbacks' });
  const keys = meter.createCounter('tradewind.idempotency.keys', { description: 'Idempotency keys, by what happened' });
  const circuits = meter.createGauge('tradewind.circuit.open', { description: '1 while it refuses calls, else 0' });

  return {
    invoked(measured) {
      const { functionName, platform, trigger, coldStart, outcome, error } = measured;
      const attributes: Attributes = {
        [ATTRIBUTES.functionName]: functionName,
        [ATTRIBUTES.platform]: platform,
        [ATTRIBUTES.trigger]: trigger,
      };
      invocations.add(1, attributes);
      duration.record(measured.duration / 1_000, attributes);
      if (coldStart) coldStarts.add(1, attributes);
      if (error !== undefined) errors.add(1, { ...attributes, [ATTRIBUTES.errorType]: error });
      const { outcomes = outcome === undefined ? {} : { [outcome]: 1 } } = measured;
      for (const [name, count] of Object.entries(outcomes)) {
        deliveries.add(count, { ...attributes, [ATTRIBUTES.outcome]: name });
      }
      if (trigger === 'http') requests.record(measured.duration / 1_000, requestOf(measured));
    },
    observed(event) {
      // Packages emit events of their own, whose types are not known here.
      const { type, functionName, name, news, to, isShared } = event as Readonly<Record<string, unknown>>;
      const attributes: Attributes = {
        ...(typeof functionName === 'string' && { [ATTRIBUTES.functionName]: functionName }),
        ...(typeof name === 'string' && { 'tradewind.name': name }),
      };
      if (type === 'idempotency.key') keys.add(1, { ...attributes, 'tradewind.news': String(news) });
      else if (type === 'circuit.changed') {
        // Without the function's name: the circuit is the same, whichever function's call changed it.
        circuits.record(to === 'closed' ? 0 : 1, {
          'tradewind.name': String(name),
          'tradewind.shared': isShared === true,
        });
      } else if (type !== 'delivery.settled' && type !== 'http.failed')
        counted.add(1, { ...attributes, 'tradewind.event': String(type) });
    },
  };
}

function requestOf({ functionName, platform, method, scheme, route, status, error }: Measured): Attributes {
  return {
    [ATTRIBUTES.functionName]: functionName,
    [ATTRIBUTES.platform]: platform,
    ...(scheme !== undefined && { [ATTRIBUTES.scheme]: scheme }),
    ...(method !== undefined && { [ATTRIBUTES.method]: method }),
    ...(route !== undefined && { [ATTRIBUTES.route]: route }),
    ...(status !== undefined && { [ATTRIBUTES.status]: status }),
    ...(error !== undefined && { [ATTRIBUTES.errorType]: error }),
  };
}
