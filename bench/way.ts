// Counts the functions and the files that one warm event runs, as V8 counts calls. The schema library, the user's own
// file and Node's own functions are left out.
import { mkdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleCase } from './against/cases.ts';
import { batchText } from './batch-event.ts';
import { eventText, lambdaContext } from './event.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.cache/way');

/** How many functions an event runs, and in how many files. */
export interface WayResult {
  readonly name: string;
  readonly functions: number;
  readonly files: number;
}

interface Contestant {
  readonly name: string;
  /** Writes a bundle that is not minified, in which each file begins with a comment with its path. */
  bundle(outfile: string): Promise<void>;
  readonly event: string;
}

const contestant =
  (name: string): Contestant['bundle'] =>
  async (outfile) => {
    await build({
      entryPoints: [join(import.meta.dirname, `contestants/${name}.ts`)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      logLevel: 'error',
    });
  };

/** Counts for Tradewind, and for similar frameworks with the same request. */
export async function ways(): Promise<WayResult[]> {
  const contestants: Contestant[] = [
    {
      name: 'tradewind, a request',
      bundle: (outfile) => bundleCase({ event: 'request', middleware: 0 }, ROOT, outfile, false),
      event: eventText(),
    },
    {
      name: 'tradewind, a record',
      bundle: (outfile) => bundleCase({ event: 'record', middleware: 0 }, ROOT, outfile, false),
      event: batchText(undefined, 1),
    },
    { name: 'hono, a request', bundle: contestant('hono'), event: eventText() },
    { name: 'middy, a request', bundle: contestant('middy'), event: eventText() },
  ];
  mkdirSync(FOLDER, { recursive: true });
  const results: WayResult[] = [];
  for (const { name, bundle, event } of contestants) {
    const outfile = join(FOLDER, `${name.replaceAll(/\W+/g, '-')}.mjs`);
    await bundle(outfile);
    results.push({ name, ...(await count(outfile, event)) });
  }
  return results;
}

async function count(outfile: string, event: string): Promise<Omit<WayResult, 'name'>> {
  const url = pathToFileURL(outfile).href;
  const { handler } = (await import(url)) as { handler: (event: unknown, context: object) => Promise<unknown> };
  for (let warmUp = 0; warmUp < 3; warmUp++) await handler(JSON.parse(event), lambdaContext());
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const came = JSON.parse(event) as unknown;
  const context = lambdaContext();
  await session.post('Profiler.takePreciseCoverage');
  await handler(came, context);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const fileAt = filesOf(readFileSync(outfile, 'utf8'));
  const functions = (result.find((script) => script.url === url)?.functions ?? []).flatMap(({ ranges: [range] }) => {
    const file = range && range.count > 0 ? fileAt(range.startOffset) : undefined;
    return file && isOfFramework(file) ? [file] : [];
  });
  return { functions: functions.length, files: new Set(functions).size };
}

function isOfFramework(file: string): boolean {
  return !/^bench\/|node_modules\/zod\/|^<stdin>/.test(file);
}

/** Finds the file in which a place of the bundle was written, by the comments that esbuild writes. */
function filesOf(text: string): (offset: number) => string | undefined {
  const starts = Array.from(text.matchAll(/^\s*\/\/ (\S+\.(?:[cm]?[jt]s)|<stdin>)$/gm), ({ index, 1: file }) => ({
    index,
    file: file as string,
  }));
  return (offset) => starts.findLast(({ index }) => index <= offset)?.file;
}
