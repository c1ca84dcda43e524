import type { SchemaResult, StandardSchema } from './schema.js';

/** A schema of zod or zod/mini, as far as it is read. */
interface ZodSchema<Output> extends StandardSchema<unknown, Output> {
  safeParseAsync(value: unknown): Promise<Parsed<Output>>;
}
interface Parsed<Output> {
  readonly data: Output;
  /** If there is none, the data is right. */
  readonly error?: Extract<SchemaResult<Output>, { readonly issues: object }>;
}

const known = new WeakMap<object, boolean>();

/**
 * Validates by a schema of zod. Zod tries every schema synchronously first: if a refinement returns a promise, zod drops
 * it and runs everything again, and if the dropped promise rejects, that ends a Node process. So a schema with code of
 * its user is asynchronous from the start. All others are fast.
 */
export function validateZod<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): SchemaResult<Output> | Promise<SchemaResult<Output>> {
  let isCustom = known.get(schema);
  if (isCustom === undefined) {
    // zod/v4/core alone has no such method.
    isCustom = 'safeParseAsync' in schema && hasCode(schema);
    known.set(schema, isCustom);
  }
  return isCustom
    ? (schema as ZodSchema<Output>).safeParseAsync(value).then(({ error, data }) => error ?? { value: data })
    : schema['~standard'].validate(value);
}

/** Refinements, transforms, codecs and `lazy`; and schemas of zod 3, whose parts cannot be seen. */
const CODE = /"(custom|transform|pipe|lazy|_def)"/;

/** Whether a schema contains functions that its user has written. */
function hasCode(schema: object): boolean {
  try {
    return CODE.test(JSON.stringify(schema, (_key, part) => part?._zod?.def ?? part));
  } catch {
    // JSON cannot represent a recursive schema, for example.
    return true;
  }
}
