import { type EnvProvider, type EnvProviderOptions, envProvider } from '@tradewind/core';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of a `SecretClient` of `@azure/keyvault-secrets` that reads a secret. */
export interface KeyVaultClient {
  getSecret(name: string): PromiseLike<{ value?: string | undefined }>;
}

/**
 * Reads an environment variable from Azure Key Vault: the latest version of a secret. Requires the role Key Vault
 * Secrets User.
 *
 * @param client - a `SecretClient` of `@azure/keyvault-secrets`, or a function that returns one for a context.
 * @param name - the name of the secret.
 * @see https://learn.microsoft.com/javascript/api/@azure/keyvault-secrets/secretclient
 * @example
 * ```ts
 * import { app } from '@azure/functions';
 * import type { SecretClient } from '@azure/keyvault-secrets';
 * import { azure, keyVault, on } from '@tradewind/adapters/azure';
 * import { defineFunction, http } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * declare const secrets: SecretClient;
 * const pay = defineFunction
 *   .env(z.object({ PAY_KEY: z.string() }))('pay', http({ method: 'POST', path: '/pay' }))
 *   .handle((_event, { env }) => ({ paid: env.PAY_KEY !== '' }));
 * azure(app, on(pay, { env: { PAY_KEY: keyVault(secrets, 'pay-key') } }));
 * ```
 */
export function keyVault(
  client: ClientOption<KeyVaultClient>,
  name: string,
  options?: EnvProviderOptions,
): EnvProvider {
  return envProvider(async (context) => (await clientOf(client, context).getSecret(name)).value, options);
}
