import { FunctionError } from '@tradewind/core';
import { type Awaitable, describe } from '@tradewind/core/adapter';

type NodeCrypto = { hash(algorithm: string, data: string | Uint8Array, encoding: 'base64url'): string };

let node: NodeCrypto | undefined | null;

/** The SHA-256 of a text or bytes, in base64url. At once where the runtime has Node's crypto. */
export function digest(data: string | Uint8Array): Awaitable<string> {
  // Asked for when it is first needed: Workers may have none, and a cold start should not load it.
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
 * A value as JSON, its keys in order: what is the same is the same text.
 *
 * @throws FunctionError `internal` where it cannot be written.
 */
export function canonical(value: unknown): string {
  try {
    // A replacer makes it ten times as slow, and a text has no keys.
    // Nothing came, and that can come again.
    if (value === undefined) return '';
    const text = typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value, ordered);
    if (text !== undefined) return text;
    throw new TypeError('JSON has no text for it.');
  } catch (cause) {
    throw new FunctionError(
      'internal',
      `The fingerprint of ${describe(value)} cannot be made, because JSON does not have it: choose with \`fingerprint\` what is compared.`,
      { cause },
    );
  }
}

/** JSON has nothing of these but `{}`, and two of them are not the same for that. */
const LOST = /^\[object (Map|Set|WeakMap|WeakSet|Promise|ReadableStream|Blob)\]$/;

function ordered(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (LOST.test(Object.prototype.toString.call(value))) throw new TypeError('JSON has nothing of it.');
  // A name such as __proto__ must stay one.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value).sort()) sorted[key] = (value as Record<string, unknown>)[key];
  return sorted;
}
