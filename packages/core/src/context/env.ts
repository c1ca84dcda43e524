import { misconfigured } from '../errors.js';
import { mustBeSchema, pathOf, type SchemaIssue, type SchemaResult, type StandardSchema, validate } from '../schema.js';
import { type Awaitable, andThen } from '../thenable.js';
import type { InvocationContext } from './context.js';

/** Checks the environment of a platform and puts it where contexts find it. */
export type EnvReader = (context: InvocationContext) => Awaitable<void>;

/** A function without `.env(...)` sees no variables at all, so that none is used unchecked. */
export const NO_ENV: object = Object.freeze({});

/**
 * Checks the environment once per instance. The cache knows the environment object by identity: `process.env` is one
 * for the process, and workerd hands the same bindings to every request of an isolate.
 */
export function envReader(schema: StandardSchema): EnvReader {
  mustBeSchema(schema, 'The environment');
  let known: object | undefined;
  let checked: Awaitable<object>;
  return (context) => {
    const { rawEnv } = context;
    if (rawEnv !== known) {
      checked = andThen(validate(schema, { ...rawEnv }), environmentOf, rawEnv);
      known = rawEnv;
    }
    return andThen(checked, keep, context);
  };
}

function environmentOf(result: SchemaResult<unknown>, raw: object): object {
  if (result.issues) throw misconfigured(explain(result.issues, raw));
  return result.value as object;
}

function keep(env: object, context: InvocationContext): void {
  context.setEnv(env);
}

/** Names every variable and never says a value: a schema's own message may quote one. */
function explain(issues: readonly SchemaIssue[], raw: object): string {
  const names = new Set(Array.from(issues, (issue) => pathOf(issue)[0] ?? 'the whole'));
  const faults = Array.from(
    names,
    (name) => `${name} ${name in raw || name === 'the whole' ? 'does not fit its schema' : 'is missing'}`,
  );
  return `The environment is not as .env(...) declares it: ${faults.join('; ')}.`;
}
