/** A value as JSON that is the same in every run: ids, ports and stacks are replaced, bytes and responses are written out. */
export function toPlain(value: unknown): unknown {
  return JSON.parse(withoutIds(JSON.stringify(value, replace) ?? 'null'));
}

function replace(key: string, value: unknown): unknown {
  if (key === 'stack' || key === 'exception.stacktrace') return undefined;
  if (value instanceof Error) return fromError(value);
  // The delays of retries are drawn by lot.
  if (typeof value === 'number' && !Number.isInteger(value)) return '<fraction>';
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return `<${typeof value}>`;
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (value instanceof Map || value instanceof Headers) return Object.fromEntries(value);
  return value;
}

function fromError(error: Error): object {
  const { name, message, cause } = error;
  const { code } = error as { readonly code?: unknown };
  return { name, message, ...(code !== undefined && { code }), ...(cause !== undefined && { cause }) };
}

const WIDTH = 120;

/** JSON in which what fits on a line is on one line, so that differences are easy to read. */
export function format(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return line;
  const inner = `${indent} `;
  const parts = Array.isArray(value)
    ? value.map((one) => `${inner}${format(one, inner)}`)
    : Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${format(one, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Ids that are made in each run get numbers, in the order in which they occur. */
function withoutIds(text: string): string {
  const numbers = new Map<string, string>();
  const number = (kind: string) => (id: string) => {
    const known = numbers.get(id) ?? `<${kind} ${numbers.size + 1}>`;
    numbers.set(id, known);
    return known;
  };
  return text
    .replace(UUID, number('uuid'))
    .replace(/\b[0-9a-f]{32}\b/g, number('trace'))
    .replace(/\b[0-9a-f]{16}\b/g, number('span'))
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
}

/** A web `Response`, read to its end. */
export async function fromWeb(response: Response): Promise<object> {
  const { status, headers } = response;
  const cookies = headers.getSetCookie();
  const rest = Object.fromEntries([...headers].filter(([name]) => name !== 'set-cookie'));
  return { status, headers: rest, cookies, ...(await bodyOf(response)) };
}

/** Text as text, other bytes in base64; `failed` if reading failed midway. */
async function bodyOf(response: Response): Promise<object> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk as Uint8Array);
  } catch (error) {
    return { failed: String(error), body: toText(Buffer.concat(chunks)) };
  }
  return { body: toText(Buffer.concat(chunks)) };
}

/** Bytes as text if they are text, otherwise in base64. */
export function toText(bytes: Buffer): unknown {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : bytes;
}
