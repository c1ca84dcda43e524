/** The result of one case on one platform. */
export interface CaseReport {
  readonly case: string;
  readonly outcome: string;
  readonly ms: number;
}

/** The results of all cases on one platform. */
export interface PlatformReport {
  readonly platform: string;
  readonly host: string;
  readonly version: string;
  readonly cases: readonly CaseReport[];
}

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** In characters: longer text is wrapped. */
const WIDEST = 26;

/** Draws the reports side by side: a row for each case, with its outcome and the time that each platform took. */
export function table(reports: readonly PlatformReport[], agrees: (name: string) => boolean): string {
  const rows = reports[0]?.cases.flatMap((report) => rowsOf(report.case, reports, agrees(report.case))) ?? [];
  const head = [0, 1].map((word) => ['', '', ...reports.map(({ platform }) => platform.split(' ')[word] ?? '')]);
  const widths = ['', '', ...reports].map((_, column) =>
    Math.max(...[...head, ...rows].map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const hosts = reports.map(({ platform, host, version }) => `${platform}: ${host} ${version}`);
  return [
    ...hosts.map((host) => paint(2, host)),
    '',
    ...head.map((cells) => paint(1, line(cells))),
    '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)),
    ...rows.map((cells) => line(cells).replace(/^✓/, paint(32, '✓')).replace(/^✗/, paint(31, '✗'))),
  ].join('\n');
}

/** One outcome if the platforms agree, or else the outcome of each platform. */
function rowsOf(name: string, reports: readonly PlatformReport[], isAgreed: boolean): string[][] {
  const found = reports.map(({ cases }) => cases.find((one) => one.case === name));
  const times = found.map((one) => (one ? `${one.ms.toFixed(one.ms < 100 ? 1 : 0)} ms` : '-'));
  const said = isAgreed
    ? wrapped(found[0]?.outcome ?? '')
    : reports.flatMap(({ platform }, at) => wrapped(`${platform}: ${found[at]?.outcome ?? '-'}`));
  return said.map((text, at) => (at === 0 ? [`${isAgreed ? '✓' : '✗'} ${name}`, text, ...times] : ['', text]));
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > WIDEST && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
