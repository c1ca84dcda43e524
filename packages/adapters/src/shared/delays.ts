import type { AnyFunction, QueueTrigger } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';

/**
 * Refuses at start-up a function with `delayedRetry: true` on a platform that cannot delay a message by itself, unless
 * `redeliver` can do it.
 *
 * @param how - the wiring that makes delays possible, for the message.
 */
export function checkDelays(fn: AnyFunction, platform: string, how: string, canDelay = false): void {
  const { redeliver } = fn.settings.wiring ?? {};
  const { delayedRetry } = fn.trigger as QueueTrigger;
  if (delayedRetry && !canDelay && !(redeliver && redeliver.longestDelay !== 0)) {
    throw misconfigured(
      `'${fn.name}' has \`delayedRetry: true\`, but ${platform} cannot delay a message by itself: deploy it as ${how}.`,
    );
  }
}
