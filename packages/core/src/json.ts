import { FunctionError, isFunctionError } from './errors.js';

/**
 * Parses JSON text from outside, and refuses a `__proto__` key: `JSON.parse` keeps it as an ordinary one, and the first
 * spread or assignment further on turns it into the object's prototype. The reviver is slow, so it runs only where the
 * key may stand, also spelt with escapes.
 *
 * @throws SyntaxError whose message may quote the text: do not pass it on.
 * @throws FunctionError `bad_request` for such a key.
 */
export function parseSafely(text: string): unknown {
  return JSON.parse(text, text.includes('__proto__') || text.includes('\\u00') ? refusePrototype : undefined);
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new FunctionError('bad_request', "A '__proto__' key is not accepted.");
  return value;
}

/**
 * Parses the JSON of a request.
 *
 * @throws FunctionError `bad_request`, whose message quotes nothing of the text.
 */
export function parseJson(text: string): unknown {
  try {
    return parseSafely(text);
  } catch (error) {
    throw isFunctionError(error) ? error : new FunctionError('bad_request', 'The body is not valid JSON.');
  }
}
