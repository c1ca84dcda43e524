import { mustBe } from './errors.js';

/**
 * A schema that follows the Standard Schema specification, version 1: zod, zod/mini, valibot, arktype and others.
 * Only the part that is used here is declared, so that no schema library is needed.
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

/** What a schema answers: a value, or the issues that it found. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that a schema found wrong, and where. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type that goes into a schema. */
export type InputOf<S> = S extends StandardSchema<infer Input, unknown> ? Input : never;
/** The type that comes out of a schema. */
export type OutputOf<S> = S extends StandardSchema<never, infer Output> ? Output : OutputOfAny<S>;
type OutputOfAny<S> = S extends StandardSchema<infer _Input, infer Output> ? Output : never;

/** Validates without a promise where the schema needs none. */
export function validate<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): SchemaResult<Output> | Promise<SchemaResult<Output>> {
  return schema['~standard'].validate(value);
}

/** Checks what the types have checked already, for who writes JavaScript. */
export function mustBeSchema(schema: StandardSchema | undefined, what: string): void {
  if (schema !== undefined)
    mustBe('function', schema?.['~standard']?.validate, `${what} is no Standard Schema: its validate`);
}

/** The keys on the way to an issue; a schema may write each of them bare or as `{ key }`. */
export function pathOf(issue: SchemaIssue): string[] {
  return Array.from(issue.path ?? [], (step) => String(typeof step === 'object' ? step.key : step));
}

/**
 * Every issue with where it is, in words.
 *
 * Issues and paths are copied by `Array.from`: some libraries give arrays of their own class, whose `map` makes more of
 * that class.
 */
export function explain(root: string, issues: readonly SchemaIssue[]): string {
  return firstOf(issues, (issue) => `${[root, ...pathOf(issue)].join('.')}: ${issue.message}`).join('; ');
}

const MOST_ISSUES = 50;

/** The first issues, copied: a large input may have one for each of its parts, and an answer has a bound. */
export function firstOf<T>(issues: readonly SchemaIssue[], to: (issue: SchemaIssue) => T): T[] {
  return Array.from(issues).slice(0, MOST_ISSUES).map(to);
}
