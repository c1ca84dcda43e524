import type { Wiring } from '@tradewind/core';
import type { ClientView } from './answers.js';

/** Every platform, and each form of event of one that has several. */
export const PLATFORMS = [
  'lambda',
  'lambda:rest-api',
  'lambda:alb',
  'lambda:alb-multi-value',
  'azure',
  'azure:service-bus',
  'gcf',
  'cloudflare',
  'node',
] as const;

/** The name of a platform, or of a form of event of one that has several. */
export type PlatformName = (typeof PLATFORMS)[number];

/** What came of an event on one platform. */
export interface PlatformReport {
  /** Whether the platform can hand over this event: it may lack the kind, or, as `lambda:alb`, repeated query names. */
  readonly supported: boolean;
  /**
   * `answered` for HTTP, `failed` where the invocation did; for a message whether it is done (`ack`), comes again
   * (`retry`), or does so after a while (`retryLater`); for a batch that of each message, with a space between.
   */
  readonly outcome: string | undefined;
  /** What an HTTP client sees; undefined for a message. */
  readonly value: ClientView | undefined;
  /** What the function's schema gets of a message; of a batch a list. Undefined for HTTP. */
  readonly data: unknown;
  /** The platform's own answer, or the error with which it failed. */
  readonly native: unknown;
}

/** What the invocations have in common. */
export interface EveryPlatformOptions {
  /** The environment, on every platform. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: 1. */
  readonly deliveryAttempt?: number;
  /** The ways that messages go and the providers of variables, as `on(fn, { ... })` gives them where the function is deployed. Default: none. */
  readonly wiring?: Pick<Wiring, 'env' | 'send' | 'deadLetter'>;
}

/** Runs a function on one platform. */
export type Run = (options: Required<EveryPlatformOptions>) => Promise<PlatformReport>;

/** How each platform that can hand over an event does so. */
export type Runs = Readonly<Partial<Record<PlatformName, Run>>>;

/** The platform's own way to say that the invocation failed. */
export function failed(error: unknown): PlatformReport {
  return { supported: true, outcome: 'failed', value: undefined, data: undefined, native: error };
}

/** Where a platform cannot hand over the event. */
export const unsupported: Run = async () => ({ ...failed(undefined), supported: false, outcome: undefined });
