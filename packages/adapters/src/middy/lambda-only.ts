import { misconfigured } from '@tradewind/core/adapter';

/**
 * Has what only Lambda knows be an error that says so where it is asked for. It is not enumerable: who copies or logs an object
 * asks for nothing.
 */
export function lambdaOnly(target: object, names: readonly string[], what: string, platform: string): void {
  for (const name of names) {
    Object.defineProperty(target, name, {
      get() {
        throw misconfigured(`A middy middleware asks for ${what}.${name}, which only Lambda has: this is ${platform}.`);
      },
    });
  }
}
