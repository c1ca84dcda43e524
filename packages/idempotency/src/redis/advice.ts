import { type Advice, explained } from '../explained.js';

const NO_LOGIN =
  'Redis did not accept the user or the password: pass them to the client, for example in its URL (redis://user:password@host:6379).';
const ADVICE: Advice = {
  NOAUTH: NO_LOGIN,
  WRONGPASS: NO_LOGIN,
  NOPERM: 'The Redis user must be allowed EVALSHA, EVAL, the commands in the script, and the keys with the `prefix`.',
  READONLY: 'Redis is a read-only replica here: connect to the primary, with Sentinel or Cluster through ioredis.',
  MOVED: 'Redis is a Cluster: make the client with `new Cluster([...])` of ioredis.',
  OOM: 'Redis is out of memory: give it more, and keep `maxmemory-policy noeviction`.',
  MISCONF: 'Redis cannot write its snapshots to disk and accepts no writes: see its log.',
};

/**
 * An error of Redis or its client, with advice if it is a common mistake in the set-up. The code is the first word; Redis
 * 6 puts it behind a text if it was the script's command that failed.
 */
export function explainedBy(error: unknown): unknown {
  const { message } = (error ?? {}) as Partial<Error>;
  return explained(error, ADVICE, /(?:^|-)([A-Z]{3,10})\b/.exec(String(message))?.[1]);
}
