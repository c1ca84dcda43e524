import type { AnyFunction, QueueTrigger } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';

/**
 * Refuses at start-up a function whose delays matter, on a platform that cannot delay a message by itself, unless it was
 * given a way to send it again.
 *
 * @param how - what to give it.
 */
export function checkDelays(fn: AnyFunction, platform: string, how: string, canDelay = false): void {
  const { redeliver } = fn.settings.wiring ?? {};
  const { delayedRetry } = fn.trigger as unknown as QueueTrigger<unknown, unknown>;
  if (delayedRetry && !canDelay && !(redeliver && redeliver.longestDelay !== 0)) {
    throw misconfigured(
      `'${fn.name}' wants delayed retries, and ${platform} cannot delay a message by itself: deploy it as ${how}.`,
    );
  }
}
