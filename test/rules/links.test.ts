import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with the links of one page to files of the project. */
function faults(page: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([, file = '', anchor]) => {
    const target = file ? resolve(ROOT, dirname(page), file) : join(ROOT, page);
    if (!existsSync(target)) return [`${page}: there is no ${relative(ROOT, target)}`];
    if (anchor === undefined || anchorsOf(target).includes(anchor)) return [];
    return [`${page}: ${relative(ROOT, target)} has no heading #${anchor}`];
  });
}

test('every link of the documentation to a file or a heading leads there', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/*.md'], {
    cwd: ROOT,
    exclude: (path) => path.includes('node_modules'),
  });
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.flatMap((page) => faults(page, readFileSync(join(ROOT, page), 'utf8')))).toEqual([]);
});

test.each([
  ['a file that is not there', '[it](docs/nowhere.md)'],
  ['a heading that is not there', '[it](docs/queues.md#nowhere)'],
  ['a heading of its own that is not there', '[it](#nowhere)'],
])('the rule finds %s', (_what, text) => {
  expect(faults('README.md', text)).toHaveLength(1);
});
