import { expect, test } from 'vitest';
import { hiding } from './hiding.js';

/** What `redact` leaves of a text around a secret. */
const redacted = (secret: string, spelling: string): string => {
  const secrets = hiding();
  secrets.hide(secret);
  return secrets.redact(`https://x.example/?k=${spelling}&n=1`);
};
const HIDDEN = 'https://x.example/?k=[secret]&n=1';
const lower = (text: string): string => text.replace(/%[\dA-F]{2}/g, (one) => one.toLowerCase());
const strict = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
const afterK = (href: string): string => href.slice(href.indexOf('k=') + 2);
const assigned = (text: string): string => {
  const url = new URL('https://x/');
  url.search = `?k=${text}`;
  return afterK(url.href);
};

const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  encodeURIComponent,
  'every reserved character': strict,
  'every reserved character in a form': (text) => strict(text).replaceAll('%20', '+'),
  encodeURI,
  'a form': (text) => new URLSearchParams({ s: text }).toString().slice(2),
  'a parsed URL': (text) => afterK(new URL(`https://x/?k=${text}`).href),
  'an assigned query': assigned,
};

test.each([
  'correct horse!battery',
  "a!b'c(d)e~f*g",
  'plus+and/slash=',
  'quote"and<tag>',
  'tab\tand\nline',
  'hash#and?mark',
  'höher & höher',
  '100%[sure]|^`{}\\',
  '?starts-with-a-mark',
  'half \ud800 of a pair',
])('a secret is hidden in every URL spelling: %j', (secret) => {
  const wellFormed = secret.toWellFormed();
  for (const spell of Object.values(SPELLINGS)) {
    expect(redacted(secret, spell(wellFormed))).toBe(HIDDEN);
    expect(redacted(secret, lower(spell(wellFormed)))).toBe(HIDDEN);
  }
});

test('a JSON secret of a hundred leaves is hidden with all of them', () => {
  const secrets = hiding();
  const leaves = Array.from({ length: 100 }, (_, index) => `leaf (${index})! of "it" + ü`);
  secrets.hide(JSON.stringify(leaves));
  for (const leaf of leaves) expect(secrets.redact(leaf)).toBe('[secret]');
});
