import { FunctionError, isFunctionError } from './errors.js';

/** In levels. Nobody nests like that, and what `JSON.parse` takes, `JSON.stringify` and most schemas do not: they recurse. */
const DEEPEST = 1_000;

/**
 * Parses JSON text from outside, and refuses a `__proto__` key: `JSON.parse` keeps it as an ordinary one, and the first
 * spread or assignment further on turns it into the object's prototype. The reviver is slow, so it runs only where the
 * key may stand, also spelt with escapes.
 *
 * @throws SyntaxError whose message may quote the text: do not pass it on.
 * @throws FunctionError `bad_request` for such a key, and for more than 1,000 levels.
 */
export function parseSafely(text: string): unknown {
  if (isTooDeep(text) && isTooDeep(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))) {
    throw new FunctionError('bad_request', `JSON of more than ${DEEPEST} levels is not accepted.`);
  }
  return JSON.parse(text, text.includes('__proto__') || text.includes('\\u00') ? refusePrototype : undefined);
}

/** Whether brackets go too deep, those in strings included. */
function isTooDeep(text: string): boolean {
  // Each level closes, too.
  if (text.length <= 2 * DEEPEST) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    // `[` and `{`, `]` and `}` differ in a bit.
    const bracket = text.charCodeAt(at) | 0x20;
    if (bracket === 0x7b && ++depth > DEEPEST) return true;
    if (bracket === 0x7d) depth--;
  }
  return false;
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
