import { FunctionError, isFunctionError, tagOf } from './errors.js';

/** In levels. Deeper JSON can be parsed, but not serialised or validated: `JSON.stringify` and most schemas recurse. */
const DEEPEST = 1_000;

/**
 * Parses untrusted JSON text, and refuses a `__proto__` key: `JSON.parse` keeps it as an ordinary key, and a later
 * assignment could turn it into the object's prototype. The reviver is slow, so it runs only if the text may contain
 * the key, possibly written with escapes.
 *
 * @throws SyntaxError whose message may quote the text: do not pass it on.
 * @throws FunctionError `bad_request` for a `__proto__` key, and for more than 1,000 levels.
 */
export function parseSafely(text: string): unknown {
  if (isTooDeep(text)) {
    throw new FunctionError('bad_request', `JSON with more than ${DEEPEST} levels is not accepted.`);
  }
  return JSON.parse(text, text.includes('__proto__') || text.includes('\\u00') ? refusePrototype : undefined);
}

/** Whether brackets are nested too deeply. One scan, which skips strings: a regular expression would take quadratic time. */
function isTooDeep(text: string): boolean {
  // Every level has an opening and a closing bracket.
  if (text.length <= 2 * DEEPEST) return false;
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) isString = !isString;
    else if (isString) {
      // What follows a backslash does not end the string.
      if (code === 0x5c) at++;
      // `[` and `{` differ in one bit, and so do `]` and `}`.
    } else if ((code | 0x20) === 0x7b) {
      if (++depth > DEEPEST) return true;
    } else if ((code | 0x20) === 0x7d) depth--;
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
 * @throws FunctionError `bad_request`, whose message does not quote the text.
 */
export function parseJson(text: string): unknown {
  try {
    return parseSafely(text);
  } catch (error) {
    throw isFunctionError(error) ? error : new FunctionError('bad_request', 'The body is not valid JSON.');
  }
}

/**
 * Writes a value as JSON text.
 *
 * @throws FunctionError `internal` for what JSON cannot represent, or would write as `{}` in silence, also inside the value:
 * a Map, a Promise, an error.
 */
export function toJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw unwritable(value);
  // Only then can a part have been lost.
  if (text.includes('{}')) JSON.stringify(value, refuseLoss);
  return text;
}

function refuseLoss(_key: string, value: unknown): unknown {
  if (!/ (Object|Array)]/.test(tagOf(value)) && JSON.stringify(value) === '{}') throw unwritable(value);
  return value;
}

function unwritable(value: unknown): FunctionError {
  return new FunctionError('internal', `JSON cannot represent ${tagOf(value)}.`);
}
