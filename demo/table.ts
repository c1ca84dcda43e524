/** What one platform made of one case. */
export interface CaseReport {
  readonly case: string;
  readonly outcome: string;
  readonly ms: number;
}

/** What one platform made of all. */
export interface PlatformReport {
  readonly platform: string;
  readonly host: string;
  readonly version: string;
  readonly cases: readonly CaseReport[];
}

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Draws the reports side by side: a row for each case, a column for each platform. */
export function table(reports: readonly PlatformReport[], agrees: (name: string) => boolean): string {
  const names = reports[0]?.cases.map((report) => report.case) ?? [];
  const head = ['', ...reports.map(({ platform }) => platform), ''];
  const sub = ['', ...reports.map(({ host, version }) => `${host} ${version}`), ''];
  const rows = names.map((name) => [
    name,
    ...reports.map(({ cases }) => {
      const found = cases.find((one) => one.case === name);
      return found ? `${found.outcome}  ${found.ms.toFixed(1)} ms` : '-';
    }),
    agrees(name) ? 'agree' : 'DISAGREE',
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, sub, ...rows].map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  const painted = rows.map((cells) =>
    line(cells)
      .replace(/DISAGREE$/, paint(31, 'DISAGREE'))
      .replace(/ agree$/, paint(32, ' agree')),
  );
  return [paint(1, line(head)), paint(2, line(sub)), rule, ...painted].join('\n');
}
