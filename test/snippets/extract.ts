import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT: string = resolve(import.meta.dirname, '../..');

/** A piece of code that a reader would copy. */
export interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** What a comment in its first line calls it, so that the snippets of a page can import each other. */
  readonly name: string | undefined;
}

/** Every `ts` block of the Markdown pages and of the TSDoc examples. */
export function snippets(): Snippet[] {
  const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/*.md'], {
    cwd: ROOT,
    exclude: (path) => String(path).includes('node_modules'),
  });
  const sources = globSync('packages/*/src/**/*.ts', { cwd: ROOT });
  return [...pages, ...sources].toSorted().flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return file.endsWith('.md') ? inMarkdown(file, text) : inComments(file, text);
  });
}

function inMarkdown(file: string, text: string): Snippet[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => toSnippet(file, text, match.index, match[1] ?? ''));
}

function inComments(file: string, text: string): Snippet[] {
  return [...text.matchAll(/^ *\* ```ts\n(.*?)^ *\* ```$/gms)].map((match) =>
    toSnippet(file, text, match.index, (match[1] ?? '').replaceAll(/^ *\* ?/gm, '')),
  );
}

function toSnippet(file: string, text: string, index: number, code: string): Snippet {
  const name = /^\/\/ ([\w.-]+)\.ts\b/.exec(code)?.[1];
  return { file, line: text.slice(0, index).split('\n').length, code, name };
}
