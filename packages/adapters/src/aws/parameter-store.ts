import { type EnvProvider, type EnvProviderOptions, envProvider } from '@tradewind/core';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of the AWS SDK's `SSM` client (version 3) that reads a parameter. */
export interface SsmParameterClient {
  getParameter(input: {
    Name: string;
    WithDecryption: boolean;
  }): PromiseLike<{ Parameter?: { Value?: string | undefined } | undefined }>;
}

/**
 * Reads an environment variable from the Parameter Store of AWS Systems Manager. A `SecureString` is decrypted.
 * Requires the permission `ssm:GetParameter`, and `kms:Decrypt` for a customer managed key.
 *
 * @param client - `new SSM()` of `@aws-sdk/client-ssm`, or a function that returns one for a context.
 * @param name - the name or ARN of the parameter, optionally with a version or label: `/prod/pay:3`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 * @example
 * ```ts
 * import { SSM } from '@aws-sdk/client-ssm';
 * import { parameterStore } from '@tradewind/adapters/aws';
 * import { lambda, on } from '@tradewind/adapters/lambda';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * const fn = defineFunction.env(z.object({ PAY_KEY: z.string() }));
 * const charge = fn('charge', queue({ queue: 'orders' })).handle((_event, { env }) => console.log(env.PAY_KEY.length));
 * export const handler = lambda(on(charge, { env: { PAY_KEY: parameterStore(new SSM(), '/prod/pay') } }));
 * ```
 */
export function parameterStore(
  client: ClientOption<SsmParameterClient>,
  name: string,
  options?: EnvProviderOptions,
): EnvProvider {
  return envProvider(async (context) => {
    const { Parameter: parameter } = await clientOf(client, context).getParameter({ Name: name, WithDecryption: true });
    return parameter?.Value;
  }, options);
}
