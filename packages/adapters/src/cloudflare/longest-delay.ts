/**
 * The longest delay of a message and of a retry, in seconds: 24 hours.
 *
 * @see https://developers.cloudflare.com/queues/platform/limits/
 */
export const LONGEST_DELAY = 86_400;
