/** Headers by name in lower case. Several values of a name are joined. */
export function headerIndex(pairs: Iterable<readonly [name: string, value: string]>): Map<string, string> {
  const index = new Map<string, string>();
  for (const [anyCase, value] of pairs) {
    const name = anyCase.toLowerCase();
    const before = index.get(name);
    index.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return index;
}
