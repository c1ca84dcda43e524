import { checkOptions, misconfigured, mustBe, mustBePositive } from '@tradewind/core/adapter';
import type { MessagesFrom } from './senders.js';

/** The options of {@link NodeApp.listen}. Times are in ms. */
export interface NodeOptions {
  /** Default: the environment variable `PORT`, or 8080. 0 picks any free port. */
  readonly port?: number;
  /** The address to listen on. Default: every address. */
  readonly host?: string;
  /** The path of the health check (GET, HEAD): 200, or 503 once the server is shutting down. Default: `/healthz`. */
  readonly health?: string;
  /**
   * How it is known that a message comes from who may send it. Must be set if HTTP functions share the server, because
   * anybody who reaches those could post messages too.
   *
   * - `'platform'`: something in front of the server authenticates every request, for example Cloud Run.
   * - `'private-network'`: only trusted senders can reach the server.
   * - `{ header, secret }`: senders pass the secret in this header.
   * - `{ verify }`: a check of your own, or `googleOidc(...)` of `@tradewind/adapters/google`.
   */
  readonly messages?: MessagesFrom;
  /** How long requests and background work may take to finish after SIGTERM or SIGINT. Default: 10,000. */
  readonly shutdownTimeout?: number;
  /** How long a connection may be idle. Must exceed the load balancer's idle timeout, or requests fail. Default: 65,000. */
  readonly keepAliveTimeout?: number;
  /** In bytes: the largest size of all headers of a request together. Default: 16,384. */
  readonly maxHeaderSize?: number;
  /** How long a request may take to arrive. Default: 30,000. */
  readonly requestTimeout?: number;
  /** How long a client may take to accept the next 64 KiB of a response, before its connection is closed. Default: 30,000. */
  readonly sendTimeout?: number;
}

const NAMES: readonly (keyof NodeOptions)[] = [
  'port',
  'host',
  'health',
  'messages',
  'shutdownTimeout',
  'keepAliveTimeout',
  'maxHeaderSize',
  'requestTimeout',
  'sendTimeout',
];
/** Timers cannot wait for longer, and end at once if they should. */
const LONGEST = 2_147_483_647;

/** The options with their defaults. */
export type Settings = Required<Omit<NodeOptions, 'host' | 'messages'>> & Pick<NodeOptions, 'host' | 'messages'>;

/** @throws FunctionError `misconfigured` for an unknown option, or an invalid value. */
export function settingsOf(options: NodeOptions): Settings {
  checkOptions('listen', options, NAMES);
  const settings = {
    ...options,
    port: options.port ?? Number(process.env.PORT || 8_080),
    health: options.health ?? '/healthz',
    shutdownTimeout: options.shutdownTimeout ?? 10_000,
    keepAliveTimeout: options.keepAliveTimeout ?? 65_000,
    maxHeaderSize: options.maxHeaderSize ?? 16_384,
    requestTimeout: options.requestTimeout ?? 30_000,
    sendTimeout: options.sendTimeout ?? 30_000,
  };
  const { port, health, shutdownTimeout, maxHeaderSize, keepAliveTimeout, requestTimeout, sendTimeout } = settings;
  mustBe('string', health, 'listen(...): `health`');
  // Requests have nothing else as their path, so the health check would never be found.
  if (!/^\/[!-~]*$/.test(health) || /[?#]/.test(health)) {
    throw misconfigured(
      "listen(...): `health` must be a path that begins with '/', percent-encoded, such as '/healthz'.",
    );
  }
  mustBePositive(maxHeaderSize, 'listen(...): `maxHeaderSize`');
  for (const [name, ms] of Object.entries({ shutdownTimeout, keepAliveTimeout, requestTimeout, sendTimeout })) {
    mustBePositive(ms, `listen(...): \`${name}\``);
    if (ms > LONGEST) throw misconfigured(`listen(...): \`${name}\` must be at most ${LONGEST} ms; got ${ms}.`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw misconfigured('listen(...): `port`, or the variable PORT, must be a whole number from 0 to 65535.');
  }
  return settings;
}
