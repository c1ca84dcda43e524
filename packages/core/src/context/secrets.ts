/** The secret values of the process. Exists once the first one has been fetched. */
export interface Secrets {
  /** Adds a secret: a text, and the texts in JSON text or in an object. */
  hide(value: unknown): void;
  /** Removes the secrets from a text. */
  redact(text: string): string;
  /** Removes the secrets from the strings of JSON text, including member names. */
  redactJson(json: string): string;
  /** Removes the secrets from a thrown value. Returns the same object if it can be changed, or a copy. Never throws. */
  scrub(thrown: unknown): unknown;
  /** Like `scrub`, but never changes the object, which may still be in use: returns a copy if it has secrets. */
  scrubCopy(thrown: unknown): unknown;
}

// One per process, even if a bundle contains this package twice.
const SECRETS = Symbol.for('tradewind.secrets');
type Holder = { [SECRETS]?: Secrets };

/**
 * The secrets of this process, or undefined while there are none. The redaction code comes with the provider, so a
 * bundle without a provider does not contain it.
 */
export function secrets(): Secrets | undefined {
  return (globalThis as Holder)[SECRETS];
}

/** The secrets of this process, created if there are none yet. */
export function secretsOr(make: () => Secrets): Secrets {
  const holder = globalThis as Holder;
  holder[SECRETS] ??= make();
  return holder[SECRETS];
}

/**
 * For core: a thrown value without secrets. Loggers, dead letters and platforms may print everything that it contains.
 */
export function scrubbed(thrown: unknown): unknown {
  const known = secrets();
  return known ? known.scrub(thrown) : thrown;
}
