import { misconfigured } from '../errors.js';
import type { Stage } from '../function/compose.js';
import { mustBeSchema, pathOf, type SchemaIssue, type SchemaResult, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, andThen, isThenable } from '../thenable.js';
import type { InvocationContext } from './context.js';
import type { EnvProvider } from './env-provider.js';

/** Validates the environment of a platform and stores it in the context. */
export type EnvReader = (context: InvocationContext) => Awaitable<void>;

/** A function without `.env(...)` sees no variables, so that none is used without validation. */
export const NO_ENV: object = Object.freeze({});

/**
 * Validates the environment once per instance. The cache compares the environment object by identity: there is one
 * `process.env` per process, and workerd passes the same bindings object to every request of an isolate.
 */
export function envReader(schema: StandardSchema): EnvReader {
  mustBeSchema(schema, 'env(...): the schema');
  let known: object | undefined;
  let checked: Awaitable<object>;
  const readProvided = providedReader(schema);
  return (context) => {
    const providers = context.wiring?.env;
    if (providers) return context.once(readProvided, providers);
    const { rawEnv } = context;
    if (rawEnv !== known) {
      checked = andThen(validate(schema, { ...rawEnv }), environmentOf, rawEnv);
      known = rawEnv;
    }
    return andThen(checked, keep, context);
  };
}

/**
 * Reads the environment before any of the user's code, but not at import: Workers have none then.
 *
 * @param isKept - whether an invalid one is kept, for {@link requireEnvironment} further inside.
 */
export function readEnvironment(read: EnvReader, isKept: boolean): Stage {
  const ready = isKept ? keepFailure(read) : read;
  return (inner) => (event, context) => andThen(ready(context), () => inner(event, context));
}

/** Throws if the environment is invalid. To the layers outside that is an error like any other. */
export const requireEnvironment: Stage = (inner) => (event, context) => {
  void context.env;
  return inner(event, context);
};

function keepFailure(read: EnvReader): EnvReader {
  return (context) => {
    const fail = (error: unknown): void => context.failEnv(error);
    try {
      const reading = read(context);
      return isThenable(reading) ? reading.then(undefined, fail) : reading;
    } catch (error) {
      return fail(error);
    }
  };
}

type Providers = Readonly<Record<string, EnvProvider>>;

/** The last input that was validated, and its result. */
interface Known {
  readonly raw: object;
  readonly values: readonly unknown[];
  readonly env: object;
}

/** The same with fetched variables. They replace the platform's; if a value has changed, all are validated again. */
function providedReader(schema: StandardSchema): (context: InvocationContext, providers: Providers) => Awaitable<void> {
  // Functions made from one base share its schema, and each has its own providers.
  const known = new WeakMap<Providers, Known>();
  const check = (values: readonly unknown[], providers: Providers, context: InvocationContext): Awaitable<void> => {
    const { rawEnv: raw } = context;
    const last = known.get(providers);
    if (last?.raw === raw && values.every((value, index) => value === last.values[index])) {
      return keep(last.env, context);
    }
    const merged = merge(raw, Object.keys(providers), values);
    return andThen(validate(schema, merged), (result) => {
      if (result.issues) for (const provider of Object.values(providers)) provider.doubt(context);
      const env = environmentOf(result, merged);
      known.set(providers, { raw, values, env });
      keep(env, context);
    });
  };
  return (context, providers) => {
    const values = Object.entries(providers).map(([name, provider]) => provider.read(name, context));
    return andThen(values.some(isThenable) ? Promise.all(values) : values, check, providers, context);
  };
}

/** If a provider has no value, the variable is missing, even if the platform has one of that name. */
function merge(raw: object, names: readonly string[], values: readonly unknown[]): object {
  const merged: Record<string, unknown> = { ...raw };
  for (const [index, name] of names.entries()) {
    if (values[index] === undefined || values[index] === null) delete merged[name];
    else merged[name] = values[index];
  }
  return merged;
}

function environmentOf(result: SchemaResult<unknown>, raw: object): object {
  if (result.issues) throw misconfigured(explain(result.issues, raw));
  return result.value as object;
}

function keep(env: object, context: InvocationContext): void {
  context.setEnv(env);
}

/** Names the variables and never quotes a value. A schema's own messages are not used, as they may quote one. */
function explain(issues: readonly SchemaIssue[], raw: object): string {
  const names = new Set(Array.from(issues, (issue) => pathOf(issue)[0] ?? 'the environment'));
  const faults = Array.from(
    names,
    (name) => `${name} ${name in raw || name === 'the environment' ? 'does not match its schema' : 'is missing'}`,
  );
  return `The environment does not match the schema of .env(...): ${faults.join('; ')}.`;
}
