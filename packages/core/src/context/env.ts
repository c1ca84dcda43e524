import { FunctionError } from '../errors.js';
import { pathOf, type SchemaIssue, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, andThen } from '../thenable.js';

/** Reads the environment that a platform has; what it answered for one environment object it answers again. */
export type EnvReader = (raw: object) => Awaitable<object>;

/** A function without `.env(...)` sees no variables at all, so that none is used unchecked. */
export const NO_ENV: object = Object.freeze({});

/**
 * Checks the environment once per instance. The cache knows the environment object by identity: `process.env` is one
 * for the process, and workerd hands the same bindings to every request of an isolate.
 */
export function envReader(schema: StandardSchema): EnvReader {
  let known: object | undefined;
  let checked: Awaitable<object>;
  return (raw) => {
    if (raw !== known) {
      checked = check(schema, raw);
      known = raw;
    }
    return checked;
  };
}

function check(schema: StandardSchema, raw: object): Awaitable<object> {
  return andThen(validate(schema, { ...raw }), (result) => {
    if (result.issues) throw new FunctionError('misconfigured', explain(result.issues, raw));
    return result.value as object;
  });
}

/** Names every variable and never says a value: a schema's own message may quote one. */
function explain(issues: readonly SchemaIssue[], raw: object): string {
  const names = [...new Set(Array.from(issues, (issue) => pathOf(issue)[0]))];
  const faults = names.map((name) => {
    if (name === undefined) return 'the environment as a whole does not fit its schema';
    return Object.hasOwn(raw, name) && (raw as Record<string, unknown>)[name] !== undefined
      ? `${name} does not fit its schema`
      : `${name} is missing`;
  });
  return `The environment is not as .env(...) declares it: ${faults.join('; ')}. Set it where the function is deployed, or pass { env } in a test.`;
}
