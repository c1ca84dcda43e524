import type { FakeRequest } from '@tradewind/core/testing';

/** The host that a fake request is sent to, which replaces the one that its platform would make up. */
export function hostOf({ headers }: FakeRequest): string | undefined {
  return headers.find(([name]) => name === 'host')?.[1];
}
