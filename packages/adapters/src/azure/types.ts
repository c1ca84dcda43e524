import type { WebRequest } from '../shared/web-request.js';

/** The parts of Azure's `InvocationContext` that the adapter uses. */
export interface AzureContext {
  readonly invocationId: string;
  readonly retryContext?: { readonly retryCount: number } | undefined;
  readonly traceContext?:
    | { readonly traceParent?: string | undefined; readonly traceState?: string | undefined }
    | undefined;
  readonly triggerMetadata?: Readonly<Record<string, unknown>> | undefined;
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** The parts of Azure's `HttpRequest` that the adapter reads. */
export interface AzureHttpRequest extends WebRequest {
  readonly headers: Headers;
}

/** A cookie in Azure's form. The platform encodes the value. */
export interface AzureCookie {
  name: string;
  value: string;
  domain?: string;
  path?: string;
  expires?: Date;
  secure?: boolean;
  httpOnly?: boolean;
  sameSite?: 'Strict' | 'Lax' | 'None';
  /** In seconds. */
  maxAge?: number;
}

/** A response in Azure's form. */
export interface AzureHttpResponse {
  status: number;
  headers: Headers;
  cookies: AzureCookie[];
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

/** What Azure passes for a run of a timer. */
export interface AzureTimer {
  readonly isPastDue: boolean;
}

/** An event in Event Grid's own schema. */
export interface EventGridEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject?: string | undefined;
  readonly eventType: string;
  readonly eventTime: string;
  readonly dataVersion?: string | undefined;
  readonly data?: unknown;
}

/** How often and after which delay Azure retries a failed invocation. */
export type AzureRetry =
  | {
      strategy: 'fixedDelay';
      /** -1: no limit. */
      maxRetryCount: number;
      /** In ms. */
      delayInterval: number | { hours?: number; minutes?: number; seconds?: number };
    }
  | {
      strategy: 'exponentialBackoff';
      /** -1: no limit. */
      maxRetryCount: number;
      /** In ms. */
      minimumInterval: number | { hours?: number; minutes?: number; seconds?: number };
      /** In ms. */
      maximumInterval: number | { hours?: number; minutes?: number; seconds?: number };
    };

/** The HTTP methods that an Azure function can be registered for. */
export type AzureMethod = 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PATCH' | 'PUT' | 'OPTIONS';

type Handler<Trigger, Value> = (trigger: Trigger, context: AzureContext) => Promise<Value>;

/** The methods of `app` from `@azure/functions` (version 4) that the adapter calls. */
export interface AzureApp {
  http(
    name: string,
    options: {
      methods: AzureMethod[];
      route: string;
      authLevel: 'anonymous' | 'function' | 'admin';
      handler: Handler<AzureHttpRequest, AzureHttpResponse>;
    },
  ): void;
  storageQueue(
    name: string,
    options: { queueName: string; connection: string; dataType: 'binary'; handler: Handler<unknown, void> },
  ): void;
  serviceBusQueue(
    name: string,
    options: {
      queueName: string;
      connection: string;
      cardinality: 'one' | 'many';
      isSessionsEnabled: boolean;
      dataType: 'binary';
      handler: Handler<unknown, void>;
    },
  ): void;
  timer(name: string, options: { schedule: string; handler: Handler<AzureTimer, void>; retry?: AzureRetry }): void;
  eventGrid(name: string, options: { handler: Handler<unknown, void> }): void;
}
