import type { WebRequest } from '../shared/web-request.js';

/** The parts of Azure's `InvocationContext` that are read here. */
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

/** The parts of Azure's `HttpRequest` that are read here. */
export interface AzureHttpRequest extends WebRequest {
  readonly headers: Headers;
}

/** A cookie as Azure takes it. Its value is encoded by the platform. */
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

/** An answer as Azure takes it. */
export interface AzureHttpResponse {
  status: number;
  headers: Headers;
  cookies: AzureCookie[];
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

/** What a timer says of its run. */
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

/** How often, and how soon, Azure runs a failed invocation again. */
export type AzureRetry =
  | {
      strategy: 'fixedDelay';
      /** -1: without end. */
      maxRetryCount: number;
      /** In ms. */
      delayInterval: number | { hours?: number; minutes?: number; seconds?: number };
    }
  | {
      strategy: 'exponentialBackoff';
      /** -1: without end. */
      maxRetryCount: number;
      /** In ms. */
      minimumInterval: number | { hours?: number; minutes?: number; seconds?: number };
      /** In ms. */
      maximumInterval: number | { hours?: number; minutes?: number; seconds?: number };
    };

/** The methods that a function of Azure's can be registered for. */
export type AzureMethod = 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PATCH' | 'PUT' | 'OPTIONS';

type Handler<Trigger, Value> = (trigger: Trigger, context: AzureContext) => Promise<Value>;

/** What is used of `app` of `@azure/functions` (version 4). */
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
