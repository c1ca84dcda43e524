import { type EnvProvider, type EnvProviderOptions, envProvider } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';

/** The part of a Worker's Secrets Store binding that the provider uses. */
export interface SecretBinding {
  get(): PromiseLike<string>;
}

/**
 * Reads an environment variable from Cloudflare's Secrets Store, through a binding of the Worker. The variable may have
 * the same name as the binding.
 *
 * @param name - the name of the binding, from `secrets_store_secrets` in wrangler's configuration.
 * @see https://developers.cloudflare.com/secrets-store/integrations/workers/
 * @example
 * ```ts
 * import { cloudflare, on, secretsStore } from '@tradewind/adapters/cloudflare';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * const fn = defineFunction.env(z.object({ PAY_KEY: z.string() }));
 * const charge = fn('charge', queue({ queue: 'orders' })).handle((_event, { env }) => console.log(env.PAY_KEY.length));
 * export default cloudflare(on(charge, { env: { PAY_KEY: secretsStore('PAY_KEY') } }));
 * ```
 */
export function secretsStore(name: string, options?: EnvProviderOptions): EnvProvider {
  return envProvider((context) => {
    const binding = (context.rawEnv as Readonly<Record<string, Partial<SecretBinding> | undefined>>)[name];
    if (typeof binding?.get !== 'function') {
      throw misconfigured(
        `secretsStore(...): the Worker has no Secrets Store binding '${name}': declare it under secrets_store_secrets in wrangler's configuration.`,
      );
    }
    return binding.get();
  }, options);
}
