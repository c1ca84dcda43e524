import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpRequestEvent } from '@tradewind/core/adapter';
import { Leaving } from './node-leaving.js';
import { type Target, targetOf } from './node-target.js';

/** A request on a Node server, and its response. Subclasses define how the body is read. */
export abstract class NodeRequestEvent<Message extends IncomingMessage = IncomingMessage> extends HttpRequestEvent {
  readonly method: string;
  readonly message: Message;
  readonly response: ServerResponse;
  readonly #target: Target;
  #leaving: Leaving | undefined;

  /** @throws FunctionError `bad_request` for an invalid target or host. */
  constructor(message: Message, response: ServerResponse) {
    super();
    this.message = message;
    this.response = response;
    this.method = message.method ?? 'GET';
    this.#target = targetOf(message);
  }
  get path(): string {
    return this.#target.path;
  }
  search(): string {
    return this.#target.search;
  }
  header(name: string): string | undefined {
    if (name === 'host') return this.#target.host;
    const { headers } = this.message;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }
  pairs(): Iterable<[string, string]> {
    return Object.keys(this.message.headers).map((name) => [name, this.header(name) ?? '']);
  }
  protected override url(): string {
    return super.url('http');
  }
  /** The signal for a client that leaves before it has the response, and for a server that ends while a stream is sent. */
  get leaving(): Leaving {
    return (this.#leaving ??= new Leaving(this.response));
  }
  protected override left(): AbortSignal {
    return this.leaving.signal;
  }
}
