// What a careful developer writes for the same result: path, method, media type, size, base64, JSON, schema.
import { accepted, Order } from '../order.ts';

interface Event {
  rawPath: string;
  headers: Record<string, string | undefined>;
  requestContext: { http: { method: string } };
  body?: string;
  isBase64Encoded: boolean;
}

const MAX_BODY_SIZE = 1_048_576;
const JSON_HEADERS = { 'content-type': 'application/json' };
const PROBLEM_HEADERS = { 'content-type': 'application/problem+json' };

function problem(status: number, title: string, members: object = {}) {
  return {
    statusCode: status,
    headers: PROBLEM_HEADERS,
    body: JSON.stringify({ status, title, ...members }),
    isBase64Encoded: false,
  };
}

export const handler = async (event: Event) => {
  try {
    if (event.rawPath !== '/orders') return problem(404, 'Not Found');
    if (event.requestContext.http.method !== 'POST') return problem(405, 'Method Not Allowed');
    const type = event.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== 'application/json') return problem(415, 'Unsupported Media Type');
    const raw = event.body ?? '';
    const text = event.isBase64Encoded ? Buffer.from(raw, 'base64').toString('utf8') : raw;
    if (Buffer.byteLength(text) > MAX_BODY_SIZE) return problem(413, 'Content Too Large');
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return problem(400, 'Bad Request', { detail: 'The body is not valid JSON.' });
    }
    const parsed = Order.safeParse(body);
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({
        pointer: `#/${path.join('/')}`,
        detail: message,
      }));
      return problem(400, 'Bad Request', { errors });
    }
    return {
      statusCode: 202,
      headers: JSON_HEADERS,
      body: JSON.stringify(accepted(parsed.data)),
      isBase64Encoded: false,
    };
  } catch (error) {
    console.error(error);
    return problem(500, 'Internal Server Error');
  }
};
