import { type EnvProvider, type EnvProviderOptions, envProvider } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The part of the AWS SDK's `SecretsManager` client (version 3) that reads a secret. */
export interface SecretsManagerClient {
  getSecretValue(input: {
    SecretId: string;
  }): PromiseLike<{ SecretString?: string | undefined; SecretBinary?: Uint8Array | undefined }>;
}

/** What else a variable from Secrets Manager can be given. */
export interface SecretsManagerOptions extends EnvProviderOptions {
  /** Which member of a JSON secret the variable is, as databases' are made. Default: the whole secret. */
  readonly field?: string;
}

/**
 * A variable from AWS Secrets Manager: the current version of a secret, its text or else its bytes. Wants the permission
 * `secretsmanager:GetSecretValue`.
 *
 * @param client - `new SecretsManager()` of `@aws-sdk/client-secrets-manager`, or what gives one for a context.
 * @param secretId - the secret's name or ARN.
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
  { field, ...options }: SecretsManagerOptions = {},
): EnvProvider {
  return envProvider(async (context) => {
    const { SecretString: text, SecretBinary: bytes } = await clientOf(client, context).getSecretValue({
      SecretId: secretId,
    });
    return field === undefined ? (text ?? bytes) : memberOf(text, field, secretId);
  }, options);
}

function memberOf(text: string | undefined, field: string, secretId: string): unknown {
  const secret = parsed(text);
  if (typeof secret !== 'object' || secret === null || Array.isArray(secret)) {
    throw misconfigured(`The secret '${secretId}' is no JSON object, of which '${field}' is wanted: leave field out.`);
  }
  if (!Object.hasOwn(secret, field)) {
    throw misconfigured(`The secret '${secretId}' has no member '${field}': name one that it has as field.`);
  }
  return (secret as Readonly<Record<string, unknown>>)[field];
}

/** The parser's own error would quote the secret. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
