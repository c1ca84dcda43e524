import { describe, misconfigured, mustBe } from '@tradewind/core/adapter';

/** Paths that may lead to a hidden member from where one is: what is left of each. */
export type Ways = readonly (readonly string[])[];

const NOWHERE: Ways = [];
/** Names are remembered up to here: whoever logs what others have sent must not fill the memory. */
export const MOST_NAMES = 10_000;

/** Credentials, wherever they stand. */
const ALWAYS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token'];

/** Which members of what is logged are not to be read. */
export class Redaction {
  readonly #deep: ReadonlySet<string>;
  readonly #longest: number;
  /** From the outside of what is logged. */
  readonly start: Ways;
  readonly #known = new Map<string, boolean>();

  /** @param paths - beside credentials: `a.b`, `*` for any name; `**.a` is a name at every depth. */
  constructor(paths: readonly string[]) {
    if (!Array.isArray(paths))
      throw misconfigured(`The redact of a logger is ${describe(paths)}: a list of paths is expected.`);
    const all = paths.map((path) => {
      mustBe('string', path, 'A path of the redact of a logger');
      const steps = path.toLowerCase().split('.');
      const [first, ...rest] = steps;
      const names = first === '**' ? rest : steps;
      const isRight = names.every((name: string) => name === '*' || !/[*[\]"']|^$/.test(name));
      if (!isRight || names.length === 0 || (first === '**' && (rest.length !== 1 || rest[0] === '*'))) {
        throw misconfigured(
          `The path '${path}' of the redact of a logger is neither 'a.b.0', with * for a name, nor '**.name'.`,
        );
      }
      return steps;
    });
    const deep = all.filter(([first]) => first === '**');
    this.#deep = new Set([...ALWAYS, ...deep.map(([, name]) => name as string)]);
    this.#longest = Math.max(...Array.from(this.#deep, ({ length }) => length));
    this.start = all.filter(([first]) => first !== '**');
  }

  /** Where the ways lead for a member; true where it is hidden. */
  into(name: string, ways: Ways): Ways | true {
    if (this.#isDeep(name)) return true;
    if (ways.length === 0) return NOWHERE;
    const lower = name.toLowerCase();
    const left = ways.flatMap(([first, ...rest]) => (first === lower || first === '*' ? [rest] : []));
    return left.some(({ length }) => length === 0) ? true : left;
  }

  /** Whether a text is a name that is hidden at every depth. In a list of names and values in turn its value is next. */
  isName(text: unknown): boolean {
    return typeof text === 'string' && text.length <= this.#longest && this.#deep.has(text.toLowerCase());
  }

  #isDeep(name: string): boolean {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const isDeep = this.#deep.has(name.toLowerCase());
    if (this.#known.size < MOST_NAMES) this.#known.set(name, isDeep);
    return isDeep;
  }
}
