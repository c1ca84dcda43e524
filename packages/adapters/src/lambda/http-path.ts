import { withoutPrefix } from '../shared/prefix.js';
import type { NativeRequest } from './types.js';

/**
 * The path that the function sees: percent-encoded, and without what only the deployment has put before it.
 *
 * @param sent - the path in the event. HTTP APIs, whose events have a `version`, decode it; function URLs, REST APIs
 * and load balancers pass it as it was sent.
 */
export function pathOf(sent: string, { version, resource, pathParameters, requestContext }: NativeRequest): string {
  const { stage, apiId, domainName = apiId, resourcePath } = requestContext ?? {};
  const given = resource ?? resourcePath ?? '';
  // A greedy segment, `{proxy+}`, stands for as many segments as its value has. Values may be decoded, so an encoded slash
  // counts like any other.
  const route = given && `${given}`.replace(/{(\w+)\+?}/g, (all, name) => pathParameters?.[name] ?? all);
  // An HTTP API's `$default` route has no path.
  const isKnown = /^\/(?!\$default$|.*\+}$)/.test(route);
  const own = isKnown ? withoutPrefix(sent, route, /(\/|%2f)(?!$)/i) : withoutStage(sent, stage);
  return version && domainName && !/\.lambda-url\./.test(domainName) ? encoded(own) : own;
}

/** Removes a named stage, which is part of the caller's path but not of the function's. */
function withoutStage(path: string, stage = '$default'): string {
  return stage !== '$default' && path.split('/')[1] === stage ? path.slice(stage.length + 1) || '/' : path;
}

/** Encodes a decoded path again. What a path may contain as it is stays: most clients do not encode it. */
function encoded(path: string): string {
  // Most paths have nothing to encode, and looking for it takes a tenth of the time.
  return /^[\w/.-]*$/.test(path) ? path : encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent);
}
