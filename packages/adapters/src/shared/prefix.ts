/**
 * Removes what a deployment puts before a path. The platform has matched the route, so the last segments, as many as
 * the route has, are the path.
 *
 * @param slash - captures what separates segments.
 */
export function withoutPrefix(path: string, route: string, slash: RegExp = /(\/)(?!$)/): string {
  const parts = path.split(slash);
  const before = Math.max(0, parts.length - route.split(slash).length + 1);
  return path.slice(parts.slice(0, before).join('').length) || '/';
}
