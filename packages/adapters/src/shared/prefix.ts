/**
 * Removes what a deployment puts before a path. The platform has matched the route, so the last segments, as many as
 * the route has, are the path.
 */
export function withoutPrefix(path: string, route: string): string {
  let start = path.length - Number(path.endsWith('/'));
  for (const _ of route.match(/\/(?!$)/g) ?? []) start = path.lastIndexOf('/', start - 1);
  return path.slice(start) || '/';
}
