import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployed } from './files.ts';

/** A command that a script ran. */
export interface Command {
  /** The tool and the words before the first option: `gcloud pubsub topics create orders`. */
  readonly words: string;
  /** By name, without the dashes; true for an option without a value. */
  readonly options: Readonly<Record<string, string | true>>;
}

/** Replaces every tool: it records its arguments, and answers the queries of the scripts. */
const STAND_IN = `#!/usr/bin/env bash
{ printf '%s\\0' "\${0##*/}" "$@"; printf '\\n'; } >> "$COMMANDS"
case "$*" in
  *projectNumber*) echo 123 ;;
  *status.url*) echo https://orders.example ;;
  *eventTrigger.trigger*) echo "trigger-of-$3" ;;
  *transport.pubsub.subscription*) echo "subscription-of-$4" ;;
  *connectionString*) echo UseDevelopmentStorage=true ;;
  *rev-parse*) echo 0123abc ;;
  *'group show'*) echo /subscriptions/s/resourceGroups/orders ;;
esac
`;
const TOOLS = ['gcloud', 'docker', 'git', 'npm', 'az', 'func'];

/** Runs a script with stand-ins for the clouds' tools, and returns their commands. Nothing leaves the machine. */
export function commandsOf(script: string, env: Readonly<Record<string, string>>): readonly Command[] {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  try {
    for (const tool of TOOLS) writeFileSync(join(folder, tool), STAND_IN, { mode: 0o755 });
    const COMMANDS = join(folder, 'commands');
    const PATH = `${folder}:/usr/bin:/bin`;
    const { status, stderr } = spawnSync('bash', [deployed(script)], {
      env: { ...env, PATH, COMMANDS },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
    return readFileSync(COMMANDS, 'utf8').split('\0\n').filter(Boolean).map(parse);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parse(line: string): Command {
  const words: string[] = [];
  const options: Record<string, string | true> = {};
  const parts = line.split('\0');
  for (let at = 0; at < parts.length; at += 1) {
    const [part = '', next] = parts.slice(at, at + 2);
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(part) ?? [];
    if (!name) words.push(part);
    else if (value !== undefined) options[name] = value;
    // With `az`, the value is a separate word.
    else if (parts[0] === 'az' && next && !next.startsWith('--')) {
      options[name] = next;
      at += 1;
    } else options[name] = true;
  }
  return { words: words.join(' '), options };
}

/** The options of the only command with these words. */
export function optionsOf(commands: readonly Command[], words: string): Command['options'] {
  const found = commands.filter((command) => command.words === words);
  if (found.length !== 1) {
    throw new Error(
      `'${words}' is there ${found.length} times, of: ${commands.map((command) => command.words).join('; ')}`,
    );
  }
  return found[0]?.options ?? {};
}
