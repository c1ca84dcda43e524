import { FunctionError } from './errors.js';

/**
 * Parses JSON text from outside.
 *
 * `JSON.parse` keeps a `__proto__` key as an ordinary one, and the first spread or assignment further on turns it into
 * the object's prototype. Such text is refused. The reviver is slow, so it runs only where the key may stand, also
 * spelt with escapes; and one character is found many times faster than several, so those are looked for first.
 *
 * @throws FunctionError `bad_request`, whose message quotes nothing of the text.
 */
export function parseJson(text: string): unknown {
  if ((text.includes('_') && text.includes('__proto__')) || (text.includes('\\') && text.includes('\\u00'))) {
    return parseSuspect(text);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FunctionError('bad_request', 'The body is not valid JSON.', { cause: withoutQuote(cause) });
  }
}

function parseSuspect(text: string): unknown {
  let polluted = false;
  let value: unknown;
  try {
    value = JSON.parse(text, (key, inner) => {
      if (key === '__proto__') polluted = true;
      return inner;
    });
  } catch (cause) {
    throw new FunctionError('bad_request', 'The body is not valid JSON.', { cause: withoutQuote(cause) });
  }
  if (polluted) throw new FunctionError('bad_request', "The body has a '__proto__' key, which is not accepted.");
  return value;
}

/** V8 quotes the text in its message, and the text may hold what must not be logged. */
function withoutQuote(cause: unknown): unknown {
  return cause instanceof SyntaxError
    ? new SyntaxError(/at position \d+/.exec(cause.message)?.[0] ?? 'unexpected end')
    : cause;
}
