import { mustBe } from './errors.js';
import { validateZod } from './zod.js';

/**
 * A schema that follows the Standard Schema specification, version 1: zod, zod/mini, valibot, arktype and others. Only
 * the part that Tradewind uses is declared, so this package depends on no schema library.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The result of a validation: the value, or the issues that the schema found. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One issue that a schema found, and where. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** What the schema expected. Not part of the specification, but zod, valibot and arktype say it. */
  readonly expected?: unknown;
}

/** A schema without the type of its library: its input and its output. */
export type PlainSchema<S> = StandardSchema<InputOf<S>, OutputOf<S>>;

/** The input type of a schema. */
export type InputOf<S> = S extends StandardSchema<infer Input, unknown> ? Input : never;
/** The output type of a schema. */
export type OutputOf<S> = S extends StandardSchema<never, infer Output> ? Output : OutputOfAny<S>;
type OutputOfAny<S> = S extends StandardSchema<infer _Input, infer Output> ? Output : never;

/** Validates a value. Returns a promise only if the schema does. */
export function validate<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): SchemaResult<Output> | Promise<SchemaResult<Output>> {
  return schema['~standard'].vendor === 'zod' ? validateZod(schema, value) : schema['~standard'].validate(value);
}

/** Checks at run time that a value is a schema, for callers that write JavaScript. */
export function mustBeSchema(schema: StandardSchema | undefined, what: string): void {
  if (schema !== undefined)
    mustBe('function', schema?.['~standard']?.validate, `${what} must be a Standard Schema: its validate`);
}

/** The path to an issue, as keys. A schema may give each of them directly or as `{ key }`. */
export function pathOf(issue: SchemaIssue): string[] {
  return Array.from(issue.path ?? [], (step) => String(typeof step === 'object' ? step.key : step));
}

/** In characters: the keys of a path may come from outside, and may be of any length. */
const LONGEST = 200;

/**
 * The paths of the issues with their codes, as text for logs and dead letters. A schema's own messages are left out: they
 * may quote the value.
 *
 * Issues and paths are copied with `Array.from`: some libraries return arrays of a subclass, and `map` would return
 * that subclass again.
 */
export function explain(root: string, issues: readonly SchemaIssue[]): string {
  return firstOf(issues, (issue) => {
    // The specification has no code: zod and arktype call theirs `code`, and valibot `type`.
    const { code, type = 'invalid' } = issue as { readonly code?: unknown; readonly type?: unknown };
    return `${[root, ...pathOf(issue)].join('.')}: ${code ?? type}`.slice(0, LONGEST);
  }).join('; ');
}

const MOST_ISSUES = 50;

/** The first issues, converted. A large input may have an issue for each of its parts, so the number is limited. */
export function firstOf<T>(issues: readonly SchemaIssue[], to: (issue: SchemaIssue) => T): T[] {
  return Array.from(issues).slice(0, MOST_ISSUES).map(to);
}
