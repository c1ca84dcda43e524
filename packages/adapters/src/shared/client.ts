import type { InvocationContext } from '@tradewind/core/adapter';

/** A client, or a function that returns one for a context. */
export type ClientOption<Client> = Client | ((context: InvocationContext) => Client);

/** The client for a context. */
export function clientOf<Client extends object>(option: ClientOption<Client>, context: InvocationContext): Client {
  return typeof option === 'function' ? option(context) : option;
}
