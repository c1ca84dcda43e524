import { misconfigured } from '@tradewind/core/adapter';

/**
 * Defines properties that exist only on Lambda, so that reading one throws an error with this reason. They are not
 * enumerable, so that copying or logging the object does not read them.
 */
export function lambdaOnly(target: object, names: readonly string[], what: string, platform: string): void {
  for (const name of names) {
    Object.defineProperty(target, name, {
      get() {
        throw misconfigured(
          `A middy middleware reads ${what}.${name}, which exists only on Lambda; this platform is ${platform}.`,
        );
      },
    });
  }
}
