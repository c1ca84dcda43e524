import type { Kind, Wiring } from '@tradewind/core';
import type { WiringOf } from '../shared/wiring.js';
import type { AzureRetry } from './types.js';

/** The options of a queue function on Azure: where its messages come from and go. */
export interface AzureQueueWiring extends Wiring {
  /** Whether the queue is one of a storage account or of Service Bus. Default: `'storageQueue'`. */
  readonly source?: 'storageQueue' | 'serviceBus';
  /**
   * The name of the app setting that holds the connection, or the common prefix of several such settings. Default:
   * `'AzureWebJobsStorage'` for a storage queue; required for Service Bus.
   */
  readonly connection?: string;
  /** The name of the queue on Azure; `'%SETTING%'` takes it from an app setting. Default: the trigger's queue. */
  readonly queue?: string;
  /** For a Service Bus queue with sessions: the messages of a session are delivered in order. Default: false. */
  readonly isSessionsEnabled?: boolean;
}

/** The options of an HTTP function on Azure. */
export interface AzureHttpWiring extends WiringOf<'http'> {
  /** Who may call: anyone, or only callers with a key of the function or of the app. Default: `'anonymous'`. */
  readonly authLevel?: 'anonymous' | 'function' | 'admin';
}

/** The options of a schedule on Azure. */
export interface AzureScheduleWiring extends WiringOf<'schedule'> {
  /** How a failed run is retried. Default: it is not retried. */
  readonly retry?: AzureRetry;
}

/** The options of a function on Azure, by the function's kind. */
export type AzureWiring<K extends Kind> = K extends 'queue'
  ? AzureQueueWiring
  : K extends 'http'
    ? AzureHttpWiring
    : K extends 'schedule'
      ? AzureScheduleWiring
      : WiringOf<K>;
