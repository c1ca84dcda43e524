import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The names under which the compilers are installed. */
export const COMPILERS = ['typescript-5.9', 'typescript-6', 'typescript'] as const;

/** Compiles a folder of test/types. Gives what the compiler says, also if it finds errors. */
export function compile(compiler: (typeof COMPILERS)[number], folder: string, ...options: string[]): Promise<string> {
  const tsc = join(ROOT, 'node_modules', compiler, 'bin/tsc');
  const args = [tsc, '-p', join(import.meta.dirname, folder), '--pretty', 'false', ...options];
  return new Promise((fulfil, fail) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      // A number is the exit status of a compiler that ran.
      if (error && (typeof error.code !== 'number' || stderr)) fail(error);
      else fulfil(stdout);
    });
  });
}

/** What a folder's comments say of the line below them: `// error: part of the message`. By place, such as `a.ts:7`. */
export function marksIn(folder: string): ReadonlyMap<string, string> {
  const path = join(import.meta.dirname, folder);
  const files = readdirSync(path).filter((file) => file.endsWith('.ts'));
  return new Map(files.flatMap((file) => marksOf(file, readFileSync(join(path, file), 'utf8'))));
}

function marksOf(file: string, code: string): [place: string, message: string][] {
  return code.split('\n').flatMap((line, index) => {
    const message = /^\s*\/\/ error: (.+)$/.exec(line)?.[1];
    return message ? [[`${file}:${index + 2}`, message]] : [];
  });
}

/** The compiler's errors by place. The lines that explain one are part of it. */
export function errorsIn(output: string): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  // An error of the set-up has no place.
  let place = '';
  for (const line of output.trimEnd().split('\n')) {
    const [, path = '', number, message] = /^(\S.*)\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
    if (message) place = `${basename(path)}:${number}`;
    else if (/^\S/.test(line)) place = '';
    errors.set(place, [errors.get(place) ?? [], message ?? line].flat().join('\n'));
  }
  return errors;
}
