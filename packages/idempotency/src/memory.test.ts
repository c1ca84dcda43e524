import { virtualClock } from '@tradewind/core/testing';
import { expect, test, vi } from 'vitest';
import { agreesWithModel } from '../../../test/idempotency/histories.ts';
import { conformance } from './conformance/index.js';
import { memoryStore } from './memory.js';

for (const { name, run } of conformance({ store: () => memoryStore() })) test(name, run);

test('10,000 random histories match the model', () => agreesWithModel(memoryStore(), 10_000));

test('expired records are deleted', () => {
  let now = 1_000;
  const swept = vi.spyOn(Map.prototype, 'delete');
  const store = memoryStore({ clock: { ...virtualClock(), now: () => now } });
  for (let key = 0; key < 5_000; key++) {
    store.claim(String(key), { owner: 'a', fingerprint: '', lease: 100, retain: 100 });
    now++;
  }
  expect(new Set(swept.mock.calls.map(([key]) => key)).size).toBeGreaterThan(3_000);
});
