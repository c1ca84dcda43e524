import { CREDENTIAL, describe, misconfigured, mustBe } from '@tradewind/core/adapter';

/** The remainders of the paths that may lead from here to a redacted member. */
export type Ways = readonly (readonly string[])[];

const NOWHERE: Ways = [];
/** At most this many names are cached: names can come from logged input, which must not fill the memory. */
export const MOST_NAMES = 10_000;

/** Credentials, redacted at every depth, as are headers that contain some. */
const ALWAYS = [
  ...['authorization', 'cookie', 'cookies', 'password', 'secret', 'token', 'apikey', 'api_key', 'sig'],
  ...['accesstoken', 'access_token', 'refreshtoken', 'refresh_token', 'idtoken', 'id_token'],
  ...['sessiontoken', 'session_token', 'clientsecret', 'client_secret', 'secretaccesskey'],
];
/** In characters: longer names are no headers. */
const LONGEST_HEADER = 64;

/** A text without the credentials in the queries of URLs, and in a query alone. */
export function withoutQueryCredentials(text: string): string {
  if (!text.includes('=')) return text;
  return text.replace(/([?&]|^)([^?&=\s]+)=[^?&#\s"'<>]+/g, (pair, before: string, name: string) =>
    CREDENTIAL.test(name) ? `${before}${name}=[redacted]` : pair,
  );
}

/** Which members of logged values are redacted. */
export class Redaction {
  readonly #deep: ReadonlySet<string>;
  readonly #longest: number;
  /** The paths that start at the root of what is logged. */
  readonly start: Ways;
  readonly #known = new Map<string, boolean>();

  /** @param paths - in addition to credentials: `a.b`, with `*` for any name; `**.a` for a name at every depth. */
  constructor(paths: readonly string[]) {
    if (!Array.isArray(paths))
      throw misconfigured(`The logger's \`redact\` must be a list of paths; got ${describe(paths)}.`);
    const all = paths.map((path) => {
      mustBe('string', path, "A path in the logger's `redact`");
      const steps = path.toLowerCase().split('.');
      const [first, ...rest] = steps;
      const names = first === '**' ? rest : steps;
      const isRight = names.every((name: string) => name === '*' || !/[*[\]"']|^$/.test(name));
      if (!isRight || names.length === 0 || (first === '**' && (rest.length !== 1 || rest[0] === '*'))) {
        throw misconfigured(
          `A path in the logger's \`redact\` must be like 'a.b.0', with * for any name, or '**.name'; got '${path}'.`,
        );
      }
      return steps;
    });
    const deep = all.filter(([first]) => first === '**');
    this.#deep = new Set([...ALWAYS, ...deep.map(([, name]) => name as string)]);
    this.#longest = Math.max(LONGEST_HEADER, ...Array.from(this.#deep, ({ length }) => length));
    this.start = all.filter(([first]) => first !== '**');
  }

  /** The remaining paths inside a member; true if the member is redacted. */
  into(name: string, ways: Ways): Ways | true {
    if (this.#isDeep(name)) return true;
    if (ways.length === 0) return NOWHERE;
    const lower = name.toLowerCase();
    const left = ways.flatMap(([first, ...rest]) => (first === lower || first === '*' ? [rest] : []));
    return left.some(({ length }) => length === 0) ? true : left;
  }

  /** Whether a text is a name that is redacted at every depth. */
  isName(text: unknown): boolean {
    return typeof text === 'string' && text.length <= this.#longest && this.#hides(text);
  }

  #hides(name: string): boolean {
    return this.#deep.has(name.toLowerCase()) || (name.includes('-') && CREDENTIAL.test(name));
  }

  #isDeep(name: string): boolean {
    // Long names would fill the memory as well.
    if (name.length > this.#longest) return false;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const isDeep = this.#hides(name);
    if (this.#known.size < MOST_NAMES) this.#known.set(name, isDeep);
    return isDeep;
  }
}
