import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as the Functions Framework passes it, with a body that it has read and decompressed. */
export interface GcfMessage extends IncomingMessage {
  readonly rawBody?: Uint8Array | undefined;
  readonly executionId?: string | undefined;
}

/** The functions of `@google-cloud/functions-framework` that the adapter calls. */
export interface FunctionsFramework {
  http(name: string, handler: (request: GcfMessage, response: ServerResponse) => void): void;
  /** The handler has one parameter: with a second one, the framework would wait for a callback. */
  cloudEvent(name: string, handler: (event: unknown) => Promise<void>): void;
}
