import { FunctionError } from '@tradewind/core';
import { type Awaitable, describe } from '@tradewind/core/adapter';

type NodeCrypto = { hash(algorithm: string, data: string | Uint8Array, encoding: 'base64url'): string };

let node: NodeCrypto | undefined | null;

/** The SHA-256 of a string or bytes, in base64url. Synchronous if the runtime has Node's crypto. */
export function digest(data: string | Uint8Array): Awaitable<string> {
  // Loaded when first needed: Workers may not have it, and a cold start should not load it.
  if (node === undefined) {
    const { process } = globalThis as { process?: { getBuiltinModule?(id: string): unknown } };
    const crypto = process?.getBuiltinModule?.('node:crypto') as Partial<NodeCrypto> | undefined;
    node = crypto?.hash ? (crypto as NodeCrypto) : null;
  }
  return node ? node.hash('sha256', data, 'base64url') : byWebCrypto(data);
}

async function byWebCrypto(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return btoa(String.fromCharCode(...hash)).replace(/[+/=]/g, (char) => ({ '+': '-', '/': '_' })[char] ?? '');
}

/**
 * A value as JSON with sorted keys: equal values give equal strings.
 *
 * @throws FunctionError `internal` if it cannot be written.
 */
export function canonical(value: unknown): string {
  try {
    // No data is valid too, and may be repeated.
    if (value === undefined) return '';
    const text = typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value, ordered);
    if (text !== undefined) return text;
    throw new TypeError('JSON cannot represent it.');
  } catch (cause) {
    throw new FunctionError(
      'internal',
      `JSON cannot represent ${describe(value)}, so it has no fingerprint: set \`fingerprint\` to choose what is compared.`,
      { cause },
    );
  }
}

/** JSON writes these as `{}`, which would make different values equal. */
const LOST = /^\[object (Map|Set|WeakMap|WeakSet|Promise|ReadableStream|Blob)\]$/;

function ordered(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (LOST.test(Object.prototype.toString.call(value))) throw new TypeError('JSON cannot represent it.');
  // Without a prototype, so that a name such as __proto__ stays a name.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value).sort()) sorted[key] = (value as Record<string, unknown>)[key];
  return sorted;
}
