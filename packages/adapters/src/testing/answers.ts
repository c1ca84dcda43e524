/** A response as an HTTP client sees it, on any platform. */
export interface ClientView {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /**
   * The value of a JSON body, the text of any other body, including one that is invalid JSON, or the bytes of one that is
   * no UTF-8 text. Undefined if it is empty.
   */
  readonly body: unknown;
}

/** Reads a web `Response`. */
export async function fromResponse(response: Response): Promise<ClientView> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) if (name !== 'set-cookie') headers[name] = value;
  return {
    status: response.status,
    headers,
    cookies: response.headers.getSetCookie(),
    body: read(new Uint8Array(await response.arrayBuffer()), headers),
  };
}

interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Converts Lambda's result to a response as API Gateway or a load balancer does. */
export function fromLambda(native: unknown): ClientView {
  const answer = native as LambdaAnswer;
  const headers: Record<string, string> = {};
  const cookies = [...(answer.cookies ?? [])];
  for (const [name, value] of Object.entries({ ...answer.headers, ...answer.multiValueHeaders })) {
    const values = typeof value === 'string' ? [value] : value;
    if (name.toLowerCase() === 'set-cookie') cookies.push(...values);
    else headers[name.toLowerCase()] = values.join(', ');
  }
  const bytes = new Uint8Array(Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8'));
  return { status: answer.statusCode, headers, cookies, body: read(bytes, headers) };
}

function read(bytes: Uint8Array, headers: Readonly<Record<string, string>>): unknown {
  if (bytes.byteLength === 0) return undefined;
  const text = textOf(bytes);
  if (text === undefined || !/[/+]json\b/.test(headers['content-type'] ?? '')) return text ?? bytes;
  try {
    return JSON.parse(text);
  } catch {
    // Invalid JSON comes from the function itself, so its tests should see it.
    return text;
  }
}

/** Decoded as a client does, without a byte order mark. Undefined for bytes that are no text: decoded, all look alike. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
