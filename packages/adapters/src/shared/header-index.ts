/** Headers by their names in lower case, several values of one as one. */
export function headerIndex(pairs: Iterable<readonly [name: string, value: string]>): Map<string, string> {
  const index = new Map<string, string>();
  for (const [anyCase, value] of pairs) {
    const name = anyCase.toLowerCase();
    const before = index.get(name);
    index.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return index;
}
