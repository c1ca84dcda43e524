import { describe, misconfigured, mustBe } from '@tradewind/core/adapter';

/** The remainders of the paths that may lead from here to a redacted member. */
export type Ways = readonly (readonly string[])[];

const NOWHERE: Ways = [];
/** At most this many names are cached: names can come from logged input, which must not fill the memory. */
export const MOST_NAMES = 10_000;

/** Credentials, redacted at every depth. */
const ALWAYS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token'];

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
    this.#longest = Math.max(...Array.from(this.#deep, ({ length }) => length));
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
    return typeof text === 'string' && text.length <= this.#longest && this.#deep.has(text.toLowerCase());
  }

  #isDeep(name: string): boolean {
    // Long names would fill the memory as well.
    if (name.length > this.#longest) return false;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const isDeep = this.#deep.has(name.toLowerCase());
    if (this.#known.size < MOST_NAMES) this.#known.set(name, isDeep);
    return isDeep;
  }
}
