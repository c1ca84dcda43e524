import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { deliveryPage } from '../../scripts/delivery-page.ts';

test('docs/delivery.md is what the bindings declare; `npm run docs` writes it', () => {
  expect(readFileSync(resolve(import.meta.dirname, '../../docs/delivery.md'), 'utf8')).toBe(deliveryPage());
});
