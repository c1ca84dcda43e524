/**
 * The longest delay of a message and of a retry, in seconds: 12 hours.
 *
 * @see https://developers.cloudflare.com/queues/platform/limits/
 */
export const LONGEST_DELAY = 43_200;
