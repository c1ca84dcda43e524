import { describe, misconfigured } from '@tradewind/core/adapter';
import { begun, isPolicy, type Part, type Policy, policyOf, type Run, runOf } from './policy.js';

/** What a policy may give in place of the operation's value. */
type JoinsOf<P> = P extends Policy<infer Joins> ? Joins : never;

/**
 * One policy of several, the outermost first.
 *
 * @throws FunctionError `misconfigured` for what is no policy, and for an order that makes no sense: a timeout that is no
 * shorter than one around it, a fallback for every error inside of what is to see errors.
 * @example
 * ```ts
 * import { circuitBreaker, compose, fallback, retry, timeout } from '@tradewind/resilience';
 *
 * export const recommended = compose(
 *   fallback(() => [] as string[]),
 *   timeout(3_000),
 *   retry(),
 *   circuitBreaker({ name: 'recommendations' }),
 *   timeout(1_000),
 * );
 * ```
 */
export function compose<const Policies extends readonly Policy<unknown>[]>(
  ...policies: Policies
): Policy<JoinsOf<Policies[number]>> {
  const parts = policies.flatMap((policy, at) => {
    if (isPolicy(policy)) return policy.parts;
    throw misconfigured(`What is composed at place ${at + 1} is no policy, but ${describe(policy)}.`);
  });
  checkOrder(parts);
  const run = policies
    .map(runOf)
    .reduceRight<Run<unknown> | undefined>(
      (inner, outer) => (inner ? (operation, call) => outer((own) => inner(operation, own), call) : outer),
      undefined,
    );
  return policyOf(parts, (run ?? begun) as never);
}

function checkOrder(parts: readonly Part[]): void {
  let shortest = Number.POSITIVE_INFINITY;
  let seesErrors: string | undefined;
  for (const part of parts) {
    if (part.kind === 'timeout') {
      if (part.ms >= shortest) {
        throw misconfigured(
          `timeout(${part.ms}) stands inside timeout(${shortest}), which is always sooner: the outer one must be the longer.`,
        );
      }
      shortest = part.ms;
    } else if (part.kind === 'fallback') {
      if (part.isForAll && seesErrors) {
        throw misconfigured(
          `fallback(...) stands inside ${seesErrors}(...), which then sees no error: put it first, or give it a \`when\`.`,
        );
      }
    } else if (part.kind !== 'bulkhead') seesErrors ??= part.kind;
  }
}
