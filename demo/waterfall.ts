import type { LoggedSpan } from '../test/telemetry/logged-spans.ts';

/** A span with its depth below the first one. */
interface Row {
  readonly span: LoggedSpan;
  readonly depth: number;
  readonly label: string;
}

/** The spans of one trace, each after its parent, ordered by start time. */
function rowsOf(spans: readonly LoggedSpan[]): readonly Row[] {
  const below = (parent: string | undefined, depth: number): Row[] =>
    spans
      .filter((span) => (depth === 0 ? !spans.some(({ spanId }) => spanId === span.parent) : span.parent === parent))
      .toSorted((a, b) => a.start - b.start)
      .flatMap((span) => [{ span, depth, label: labelOf(span, depth) }, ...below(span.spanId, depth + 1)]);
  return below(undefined, 0);
}

function labelOf({ name, attributes }: LoggedSpan, depth: number): string {
  return `${'  '.repeat(depth)}${depth > 0 ? '└ ' : ''}${name}  (${attributes['tradewind.platform']})`;
}

/** The outcome or status of a span. */
function endOf({ attributes }: LoggedSpan): string {
  return String(attributes['tradewind.outcome'] ?? attributes['http.response.status_code'] ?? '');
}

interface Scale {
  readonly start: number;
  readonly length: number;
}

function scaleOf(spans: readonly LoggedSpan[]): Scale {
  const start = Math.min(...spans.map((span) => span.start));
  return { start, length: Math.max(1, Math.max(...spans.map((span) => span.end)) - start) };
}

const WIDTH = 60;

/** Draws a trace for a terminal: a bar for each span, a mark for each event. */
export function inText(spans: readonly LoggedSpan[]): string {
  const rows = rowsOf(spans);
  const { start, length } = scaleOf(spans);
  const column = (at: number): number => Math.min(WIDTH - 1, Math.max(0, Math.floor(((at - start) / length) * WIDTH)));
  const widest = Math.max(...rows.map(({ label }) => label.length));
  const lines = rows.map(({ span, label }) => {
    const cells: string[] = Array.from({ length: WIDTH }, (_, at) =>
      at >= column(span.start) && at <= column(span.end) ? '━' : ' ',
    );
    for (const { at } of span.events) cells[column(at)] = '●';
    return `${label.padEnd(widest)}  ${cells.join('')}  ${(span.end - span.start).toFixed(1)} ms  ${endOf(span)}`;
  });
  const events = rows.flatMap(({ span }) =>
    span.events.map(({ name, at }) => `  ● ${(at - start).toFixed(1)} ms  ${name}`),
  );
  return [`trace ${spans[0]?.traceId}, ${length.toFixed(1)} ms`, ...lines, ...events].join('\n');
}

const ROW = 28;
const LEFT = 320;
const RIGHT = 560;

/** Draws a trace as an SVG image. */
export function inSvg(spans: readonly LoggedSpan[]): string {
  const rows = rowsOf(spans);
  const { start, length } = scaleOf(spans);
  const x = (at: number): number => LEFT + ((at - start) / length) * RIGHT;
  const bars = rows.map(({ span, label }, index) => {
    const y = 40 + index * ROW;
    const width = Math.max(2, x(span.end) - x(span.start));
    const marks = span.events.map(
      ({ name, at }) => `<circle cx="${x(at).toFixed(1)}" cy="${y + 8}" r="4"><title>${escaped(name)}</title></circle>`,
    );
    return [
      `<text x="10" y="${y + 12}" xml:space="preserve">${escaped(label)}</text>`,
      `<rect x="${x(span.start).toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="16" rx="3"/>`,
      ...marks,
      `<text class="end" x="${LEFT + RIGHT + 10}" y="${y + 12}">${(span.end - span.start).toFixed(1)} ms ${escaped(endOf(span))}</text>`,
    ].join('\n');
  });
  const height = 50 + rows.length * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1040 ${height}" font-family="ui-monospace, monospace" font-size="12">
<title>One order, one trace</title>
<style>
  text { fill: #24292f } .end { fill: #57606a } rect { fill: #2da44e } circle { fill: #bf8700 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .end { fill: #8b949e } rect { fill: #3fb950 } circle { fill: #d29922 } }
</style>
<text x="10" y="20">One order, one trace: ${length.toFixed(1)} ms</text>
${bars.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
