import type { Wiring } from '@tradewind/core';
import type { ClientView } from './answers.js';

/** Every platform, and each event format of a platform that has several. */
export const PLATFORMS = [
  'lambda',
  'lambda:http-api',
  'lambda:rest-api',
  'lambda:alb',
  'lambda:alb-multi-value',
  'azure',
  'azure:service-bus',
  'gcf',
  'cloudflare',
  'node',
] as const;

/** The name of a platform, with the event format if the platform has several. */
export type PlatformName = (typeof PLATFORMS)[number];

/** How an event ended on one platform. */
export interface PlatformReport {
  /**
   * Whether the platform can deliver this event: it may lack the kind or, like `lambda:alb`, repeated query names, or,
   * like `lambda:http-api`, a path with an encoded `/`, `?` or `%`.
   */
  readonly supported: boolean;
  /**
   * `answered` for HTTP, or `failed` if the invocation failed. For a message: `ack` if it is done, `retry` if it is
   * redelivered, `retryLater` if it is redelivered after a delay. For a batch: one outcome per message, with spaces
   * between.
   */
  readonly outcome: string | undefined;
  /** The response as an HTTP client sees it; undefined for a message. */
  readonly value: ClientView | undefined;
  /** The data that the function's schema receives; a list for several messages. Undefined for HTTP. */
  readonly data: unknown;
  /** The platform's own result, or the error with which the invocation failed. */
  readonly native: unknown;
}

/** The options of `everyPlatform`, which apply to every platform. */
export interface EveryPlatformOptions {
  /** The environment variables. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** The delivery attempt of the messages. Default: 1. */
  readonly deliveryAttempt?: number;
  /**
   * Transports and environment providers, as passed to `on(fn, { ... })` where the function is deployed. Default: none.
   */
  readonly wiring?: Pick<Wiring, 'env' | 'send' | 'deadLetter'>;
}

/** Runs a function on one platform. */
export type Run = (options: Required<EveryPlatformOptions>) => Promise<PlatformReport>;

/** The runs on each platform that can deliver the event. */
export type Runs = Readonly<Partial<Record<PlatformName, Run>>>;

/** The report of a failed invocation. */
export function failed(error: unknown): PlatformReport {
  return { supported: true, outcome: 'failed', value: undefined, data: undefined, native: error };
}

/** For a platform that cannot deliver the event. */
export const unsupported: Run = async () => ({ ...failed(undefined), supported: false, outcome: undefined });
