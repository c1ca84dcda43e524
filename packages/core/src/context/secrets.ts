/** What is known of the values that nobody may read: there once the first one has been fetched. */
export interface Secrets {
  /** Adds a value: a text, the texts in a JSON one, or in an object. */
  hide(value: unknown): void;
  /** A text without them. */
  redact(text: string): string;
  /** JSON text whose strings, names of members included, are without them. */
  redactJson(json: string): string;
  /** What was thrown, without them: the same object where it can be changed, otherwise a copy. Never throws. */
  scrub(thrown: unknown): unknown;
  /** The same, always as a copy: for what is still in use where it was thrown. Never throws. */
  scrubCopy(thrown: unknown): unknown;
}

// One a process, also where a bundle holds this package twice.
const SECRETS = Symbol.for('tradewind.secrets');
type Holder = { [SECRETS]?: Secrets };

/**
 * The secrets of this process; undefined while there are none, so that nothing is looked for. What looks comes with them,
 * so that a bundle without a provider does not carry it.
 */
export function secrets(): Secrets | undefined {
  return (globalThis as Holder)[SECRETS];
}

/** The secrets of this process, made where there are none yet. */
export function secretsOr(make: () => Secrets): Secrets {
  const holder = globalThis as Holder;
  holder[SECRETS] ??= make();
  return holder[SECRETS];
}

/** For core: what was thrown, without secrets. It goes to loggers, dead letters and platforms, which print what it has. */
export function scrubbed(thrown: unknown): unknown {
  const known = secrets();
  return known ? known.scrub(thrown) : thrown;
}
