import { expect } from 'vitest';
import { type Command, optionsOf } from './commands.ts';

const AGENT = 'serviceAccount:service-123@gcp-sa-pubsub.iam.gserviceaccount.com';

/** Expects that a message which fails too often becomes a dead letter, and that Pub/Sub has the permissions for it. */
export function expectDeadLetters(commands: readonly Command[], subscription: string, { made = false } = {}): void {
  const options = optionsOf(commands, `gcloud pubsub subscriptions ${made ? 'create' : 'update'} ${subscription}`);
  expect(options['dead-letter-topic']).toBe('orders-dead');
  expect(Number(options['max-delivery-attempts'])).toBeGreaterThanOrEqual(5);
  expect(optionsOf(commands, `gcloud pubsub subscriptions add-iam-policy-binding ${subscription}`)).toEqual({
    role: 'roles/pubsub.subscriber',
    member: AGENT,
  });
}

/** Expects that Pub/Sub may publish dead letters, and that they are kept. */
export function expectKept(commands: readonly Command[]): void {
  expect(commands).toContainEqual({
    words: 'gcloud pubsub topics add-iam-policy-binding orders-dead',
    options: { role: 'roles/pubsub.publisher', member: AGENT },
  });
  expect(optionsOf(commands, 'gcloud pubsub subscriptions create orders-dead')).toMatchObject({
    topic: 'orders-dead',
    'expiration-period': 'never',
  });
}
