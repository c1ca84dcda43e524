import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../hosts/bundle.ts';
import { read } from './files.ts';

/** The packages of a scope that an entry file imports, with the versions that the examples are tested with. */
export function versionsIn(entry: string, scope: string): Readonly<Record<string, string | undefined>> {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'examples/package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const names = [...read(entry).matchAll(/from '([^']+)'/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.filter((name) => name.startsWith(scope)).map((name) => [name, dependencies[name]]));
}
