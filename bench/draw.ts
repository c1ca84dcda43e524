import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from './report.ts';

const LABELS: Readonly<Record<string, string>> = {
  'hand-written': 'hand-written handler',
  tradewind: 'Tradewind',
  'tradewind-1': 'Tradewind, 1 layer',
  'tradewind-5': 'Tradewind, 5 layers',
  middy: 'middy + JSON body parser',
  hono: 'Hono, aws-lambda',
  h3: 'h3, srvx/aws-lambda',
  express: 'Express, serverless-http',
  powertools: 'Powertools event handler',
};
const WIDTH = 820;
const LEFT = 210;
const BAR = 520;
const ROW = 26;

/** One bar, with a whisker from p10 to p90. */
interface Bar {
  readonly label: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly text: string;
  readonly ours: boolean;
}

/** Draws the results for the README: readable in light and dark mode, without a font of its own. */
export function draw(results: Results): void {
  const { warm, cold, sizes, machine, date } = results;
  const panels: [string, Bar[]][] = [
    [
      'A warm call on Lambda, times the hand-written handler (median; whiskers p10 to p90)',
      warm.map(({ name, ratio, microseconds }) => ({
        label: LABELS[name] ?? name,
        value: ratio.median,
        low: ratio.p10,
        high: ratio.p90,
        text: `${ratio.median.toFixed(2)}x  ${microseconds.median.toFixed(1)} µs`,
        ours: name.startsWith('tradewind'),
      })),
    ],
    [
      'Import and first call in a fresh process, ms',
      cold.map(({ name, milliseconds }) => ({
        label: LABELS[name] ?? name,
        value: milliseconds.median,
        low: milliseconds.p10,
        high: milliseconds.p90,
        text: milliseconds.median.toFixed(1),
        ours: name === 'tradewind',
      })),
    ],
    [
      'Bundle, minified and gzip, without the schema library, KB',
      sizes.map(({ name, gzip }) => ({
        label: name,
        value: gzip / 1_024,
        text: (gzip / 1_024).toFixed(1),
        ours: !/hono|middy|powertools/.test(name),
      })),
    ],
  ];
  let y = 64;
  const parts: string[] = [];
  for (const [title, bars] of panels) {
    parts.push(`<text class="title" x="16" y="${y}">${title}</text>`);
    parts.push(...rows(bars, y + 14));
    y += 14 + bars.length * ROW + 34;
  }
  const where = `Node ${machine.node.slice(1)}, ${machine.cpu.replaceAll(/\s+/g, ' ')}, ${machine.cores} cores, ${date}; each contestant in its own process`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Benchmarks">
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px }
  .where { fill: #59636e; font-size: 12px }
  .bar { fill: #afb8c1 } .ours { fill: #0969da } .whisker { stroke: #59636e; stroke-width: 1.5 } .paper { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .where { fill: #9198a1 } .bar { fill: #59636e } .ours { fill: #4493f8 } .whisker { stroke: #c9d1d9 } .paper { fill: #0d1117 }
  }
</style>
<rect class="paper" width="${WIDTH}" height="${y}" rx="8"/>
<text class="where" x="16" y="30">${xml(where)}</text>
${parts.join('\n')}
</svg>
`;
  writeFileSync(join(import.meta.dirname, 'results.svg'), svg);
}

function rows(bars: readonly Bar[], top: number): string[] {
  const most = Math.max(...bars.map(({ value, high = value }) => Math.max(value, high)));
  const scale = (value: number): number => Math.round((value / most) * (BAR - 20));
  return bars.flatMap(({ label, value, low, high, text, ours }, index) => {
    const y = top + index * ROW;
    const end = LEFT + scale(value);
    const middle = y + 9;
    const whisker =
      low === undefined || high === undefined
        ? []
        : [
            `<line class="whisker" x1="${LEFT + scale(low)}" x2="${LEFT + scale(high)}" y1="${middle}" y2="${middle}"/>`,
          ];
    const after = Math.max(end, LEFT + scale(high ?? value)) + 8;
    return [
      `<text x="${LEFT - 10}" y="${y + 14}" text-anchor="end">${xml(label)}</text>`,
      `<rect class="${ours ? 'ours' : 'bar'}" x="${LEFT}" y="${y}" width="${Math.max(1, end - LEFT)}" height="18" rx="3"/>`,
      ...whisker,
      `<text x="${after}" y="${y + 14}">${text}</text>`,
    ];
  });
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
