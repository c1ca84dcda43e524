import { type EnvProvider, type EnvProviderOptions, envProvider } from '@tradewind/core';
import { checkOptions, misconfigured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of the AWS SDK's `SecretsManager` client (version 3) that reads a secret. */
export interface SecretsManagerClient {
  getSecretValue(input: {
    SecretId: string;
  }): PromiseLike<{ SecretString?: string | undefined; SecretBinary?: Uint8Array | undefined }>;
}

/** The options of {@link secretsManager}. */
export interface SecretsManagerOptions extends EnvProviderOptions {
  /** The member to read if the secret is a JSON object, as database secrets are. Default: the whole secret. */
  readonly field?: string;
}

/**
 * Reads an environment variable from AWS Secrets Manager: the current version of a secret, as text, or as bytes if it
 * is binary. Requires the permission `secretsmanager:GetSecretValue`.
 *
 * @param client - `new SecretsManager()` of `@aws-sdk/client-secrets-manager`, or a function that returns one for a
 * context.
 * @param secretId - the name or ARN of the secret.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * @example
 * ```ts
 * import { SecretsManager } from '@aws-sdk/client-secrets-manager';
 * import { secretsManager } from '@tradewind/adapters/aws';
 * import { lambda, on } from '@tradewind/adapters/lambda';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * const fn = defineFunction.env(z.object({ PAY_KEY: z.string() }));
 * const charge = fn('charge', queue({ queue: 'orders' })).handle((_event, { env }) => console.log(env.PAY_KEY.length));
 * const PAY_KEY = secretsManager(new SecretsManager(), 'prod/pay', { field: 'key' });
 * export const handler = lambda(on(charge, { env: { PAY_KEY } }));
 * ```
 */
export function secretsManager(
  client: ClientOption<SecretsManagerClient>,
  secretId: string,
  options: SecretsManagerOptions = {},
): EnvProvider {
  checkOptions('secretsManager', options, ['field', 'ttl']);
  const { field, ...caching } = options;
  return envProvider(async (context) => {
    const { SecretString: text, SecretBinary: bytes } = await clientOf(client, context).getSecretValue({
      SecretId: secretId,
    });
    return field === undefined ? (text ?? bytes) : memberOf(text, field, secretId);
  }, caching);
}

function memberOf(text: string | undefined, field: string, secretId: string): unknown {
  const secret = parsed(text);
  if (typeof secret !== 'object' || secret === null || Array.isArray(secret)) {
    throw misconfigured(
      `secretsManager(...): the secret '${secretId}' must be a JSON object to read \`field\` '${field}'; leave it out to get the whole secret.`,
    );
  }
  if (!Object.hasOwn(secret, field)) {
    throw misconfigured(
      `secretsManager(...): \`field\` must be a member of the secret '${secretId}', which has no '${field}'.`,
    );
  }
  return (secret as Readonly<Record<string, unknown>>)[field];
}

/** Hides the parser's own error, which would quote the secret. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
