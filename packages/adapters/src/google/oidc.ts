import { FunctionError } from '@tradewind/core';
import { checkOptions, misconfigured, mustBe } from '@tradewind/core/adapter';
import type { SenderCheck } from '../shared/sender-check.js';

/** The methods of `OAuth2Client` of `google-auth-library` that are called. */
export interface GoogleTokenClient {
  // biome-ignore lint/suspicious/noExplicitAny: the certificates are passed on as they are
  getFederatedSignonCertsAsync(): Promise<{ readonly certs: any }>;
  verifySignedJwtWithCertsAsync(
    jwt: string,
    // biome-ignore lint/suspicious/noExplicitAny: the certificates are passed on as they are
    certs: any,
    requiredAudience: string,
    issuers: string[],
  ): Promise<{ getPayload(): { readonly email?: string; readonly email_verified?: boolean } | undefined }>;
}

/** Options of {@link googleOidc}. */
export interface GoogleOidcOptions {
  /** The audience of the tokens, as it is configured where they are made. Pub/Sub's default is the URL that it pushes to. */
  readonly audience: string;
  /** The service account that the tokens are for. */
  readonly email: string;
}

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

/**
 * Accepts messages with a token that Google signed for one service account, as pushes of Pub/Sub, Eventarc, Cloud Tasks
 * and Cloud Scheduler have. The signature, issuer, audience, expiry and account are checked.
 *
 * @param client - `new OAuth2Client()` of `google-auth-library`, which keeps Google's public keys while they are valid.
 * @see https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 * @example
 * ```ts
 * import { googleOidc } from '@tradewind/adapters/google';
 * import { node } from '@tradewind/adapters/node';
 * import { defineFunction, http, queue } from '@tradewind/core';
 * import { OAuth2Client } from 'google-auth-library';
 *
 * const hello = defineFunction('hello', http({ method: 'GET', path: '/hello' })).handle(() => 'hello');
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => console.log(data));
 * const messages = googleOidc(new OAuth2Client(), {
 *   audience: 'https://orders.example.com/charge',
 *   email: 'pusher@my-project.iam.gserviceaccount.com',
 * });
 * await node(hello, charge).listen({ messages });
 * ```
 */
export function googleOidc(client: GoogleTokenClient, options: GoogleOidcOptions): SenderCheck {
  checkOptions('googleOidc', options, ['audience', 'email']);
  mustBe(
    'function',
    client?.verifySignedJwtWithCertsAsync,
    'googleOidc(client, ...): `client.verifySignedJwtWithCertsAsync`',
  );
  const { audience, email } = options;
  // The client does not check an audience that is missing.
  for (const [name, value] of Object.entries({ audience, email }))
    if (typeof value !== 'string' || value === '') throw misconfigured(`googleOidc(...): \`${name}\` must be a text.`);
  return {
    async verify({ headers }) {
      const [, token] = /^Bearer +([\w.-]+)$/i.exec(headers.get('authorization') ?? '') ?? [];
      if (token === undefined) return false;
      const { certs } = await client.getFederatedSignonCertsAsync().catch((cause: unknown) => {
        throw new FunctionError('unavailable', "Google's public keys could not be fetched.", { cause });
      });
      try {
        const ticket = await client.verifySignedJwtWithCertsAsync(token, certs, audience, ISSUERS);
        const payload = ticket.getPayload();
        return payload?.email === email && payload.email_verified === true;
      } catch {
        // The token is not valid, not for this audience, or has expired.
        return false;
      }
    },
  };
}
