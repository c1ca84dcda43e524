import { type EnvProvider, type EnvProviderOptions, envProvider } from '@tradewind/core';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of a `SecretManagerServiceClient` of `@google-cloud/secret-manager` that reads a secret. */
export interface SecretManagerClient {
  accessSecretVersion(request: {
    name: string;
  }): PromiseLike<readonly [{ payload?: { data?: Uint8Array | string | null } | null }, ...unknown[]]>;
}

/**
 * Reads an environment variable from Google Cloud Secret Manager, as text. Requires the role Secret Manager Secret
 * Accessor.
 *
 * @param client - a `SecretManagerServiceClient` of `@google-cloud/secret-manager`, or a function that returns one for
 * a context.
 * @param name - the name of the version: `projects/shop/secrets/pay-key/versions/latest`.
 * @see https://docs.cloud.google.com/secret-manager/docs/access-secret-version
 * @example
 * ```ts
 * import * as functionsFramework from '@google-cloud/functions-framework';
 * import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
 * import { gcf, on } from '@tradewind/adapters/gcf';
 * import { secretManager } from '@tradewind/adapters/google';
 * import { defineFunction, http } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * const secrets = new SecretManagerServiceClient();
 * const pay = defineFunction
 *   .env(z.object({ PAY_KEY: z.string() }))('pay', http({ method: 'POST', path: '/pay' }))
 *   .handle((_event, { env }) => ({ paid: env.PAY_KEY !== '' }));
 * gcf(functionsFramework, on(pay, { env: { PAY_KEY: secretManager(secrets, 'projects/p/secrets/pay/versions/latest') } }));
 * ```
 */
export function secretManager(
  client: ClientOption<SecretManagerClient>,
  name: string,
  options?: EnvProviderOptions,
): EnvProvider {
  return envProvider(async (context) => {
    const [{ payload }] = await clientOf(client, context).accessSecretVersion({ name });
    const { data } = payload ?? {};
    return data === undefined || data === null ? undefined : new TextDecoder().decode(bytesOf(data));
  }, options);
}

/** Over REST, the client returns base64 text instead of bytes. */
function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : data;
}
