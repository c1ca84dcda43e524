import { describe, misconfigured } from '@tradewind/core/adapter';
import { begun, isPolicy, type Part, type Policy, policyOf, type Run, runOf } from './policy.js';

/** What a policy may return in place of the operation's value. */
type JoinsOf<P> = P extends Policy<infer Joins> ? Joins : never;

/**
 * Combines several policies into one, the outermost first.
 *
 * @throws FunctionError `misconfigured` for a value that is no policy, and for an order that makes no sense: a timeout
 * that is not shorter than one around it, or a fallback for every error inside a policy that must see errors.
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
    throw misconfigured(
      `compose(...) or resilience(...): argument ${at + 1} must be a policy; got ${describe(policy)}.`,
    );
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
        throw misconfigured(`timeout(${part.ms}) is inside timeout(${shortest}): the outer one must be longer.`);
      }
      shortest = part.ms;
    } else if (part.kind === 'fallback') {
      if (part.isForAll && seesErrors) {
        throw misconfigured(
          `fallback(...) is inside ${seesErrors}(...), which then sees no errors: put it first, or pass \`when\`.`,
        );
      }
    } else if (part.kind !== 'bulkhead') seesErrors ??= part.kind;
  }
}
