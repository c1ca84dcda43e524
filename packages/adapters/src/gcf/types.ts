import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as the Functions Framework hands it over: it has read the body, and unpacked a compressed one. */
export interface GcfMessage extends IncomingMessage {
  readonly rawBody?: Uint8Array | undefined;
  readonly executionId?: string | undefined;
}

/** What is used of `@google-cloud/functions-framework`. */
export interface FunctionsFramework {
  http(name: string, handler: (request: GcfMessage, response: ServerResponse) => void): void;
  /** With a second parameter the framework would wait for a callback. */
  cloudEvent(name: string, handler: (event: unknown) => Promise<void>): void;
}
