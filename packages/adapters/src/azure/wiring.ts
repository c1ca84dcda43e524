import type { Kind, Wiring } from '@tradewind/core';
import type { WiringOf } from '../shared/wiring.js';
import type { AzureRetry } from './types.js';

/** Where the messages of a queue function come from on Azure. */
export interface AzureQueueWiring extends Wiring {
  /** A queue of a storage account, or of Service Bus. Default: `'storageQueue'`. */
  readonly source?: 'storageQueue' | 'serviceBus';
  /**
   * The app setting that holds the connection, or the prefix of those that do. Default: `'AzureWebJobsStorage'` for a
   * storage queue; Service Bus has none.
   */
  readonly connection?: string;
  /** The queue's name here, `'%SETTING%'` for one that an app setting says. Default: the trigger's. */
  readonly queue?: string;
  /** For a Service Bus queue with sessions: the messages of a session come in order. Default: false. */
  readonly isSessionsEnabled?: boolean;
}

/** What an HTTP function can be given on Azure. */
export interface AzureHttpWiring extends WiringOf<'http'> {
  /** Who may call: everybody, or whoever has a key of the function or of the app. Default: `'anonymous'`. */
  readonly authLevel?: 'anonymous' | 'function' | 'admin';
}

/** What a schedule can be given on Azure. */
export interface AzureScheduleWiring extends WiringOf<'schedule'> {
  /** How a failed run is repeated. Default: not at all. */
  readonly retry?: AzureRetry;
}

/** What a function of a kind can be given on Azure. */
export type AzureWiring<K extends Kind> = K extends 'queue'
  ? AzureQueueWiring
  : K extends 'http'
    ? AzureHttpWiring
    : K extends 'schedule'
      ? AzureScheduleWiring
      : WiringOf<K>;
