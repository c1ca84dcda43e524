import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { allowed, type HttpRequestEvent, misconfigured } from '@tradewind/core/adapter';

/** The function for a request, and the allowed methods of its path if the request's method is not one of them. */
export interface Route {
  readonly fn: AnyFunction;
  readonly allow?: string;
}

/**
 * Finds the function for a method and a path; undefined if no function has the path.
 *
 * @param asked - the method that a preflight asks for.
 */
export type FindRoute = (method: string, path: string, asked?: string) => Route | undefined;

/**
 * Finds the function that answers a request; undefined if no function has its path. A single function gets all
 * requests, and checks the path itself.
 */
export function routed(functions: readonly AnyFunction[]): (request: HttpRequestEvent) => AnyFunction | undefined {
  const [first] = functions;
  if (functions.length === 1) return () => first;
  const find = routes(functions);
  return (request) => {
    const { method, path } = request;
    const asked = method === 'OPTIONS' ? request.header('access-control-request-method') : undefined;
    const route = find(method, path, asked);
    if (route?.allow !== undefined) request.allow = route.allow;
    return route?.fn;
  };
}

/** A path without the names of its parameters, which are no literal text. */
export function placeOf(path: string): string {
  return path.replace(/:\w+/g, '\uffff').replace(/\/$/, '');
}

/** A slash at the end of a path makes no difference. */
function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The functions whose paths begin with the same segments. */
class Node {
  /** Those whose path ends here, by method. */
  readonly here = new Map<string, Route>();
  literals: Map<string, Node> | undefined;
  parameter: Node | undefined;

  next(segment: string): Node {
    if (segment.startsWith(':')) return (this.parameter ??= new Node());
    this.literals ??= new Map();
    const next = this.literals.get(segment) ?? new Node();
    this.literals.set(segment, next);
    return next;
  }

  /**
   * The first function with this method: before a parameter a literal segment. Each segment is cut out when its turn
   * comes: splitting the path took as long as finding the function.
   *
   * @param start - where the next segment begins; beyond the path's end if there is none.
   */
  find(method: string, path: string, start: number): Route | undefined {
    if (start > path.length) return this.here.get(method);
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;
    return (
      this.literals?.get(path.slice(start, end))?.find(method, path, end + 1) ??
      (start === end ? undefined : this.parameter?.find(method, path, end + 1))
    );
  }

  /** All functions whose path matches, in the same order. */
  all(segments: readonly string[], depth: number): [method: string, Route][] {
    if (depth === segments.length) return [...this.here];
    const segment = segments[depth] as string;
    return [this.literals?.get(segment), segment === '' ? undefined : this.parameter].flatMap(
      (next) => next?.all(segments, depth + 1) ?? [],
    );
  }
}

/**
 * Routes requests to several HTTP functions, by the segments of their paths. If several paths match, one with a literal
 * segment wins over one with a parameter there. GET functions also answer HEAD.
 */
export function routes(functions: readonly AnyFunction[]): FindRoute {
  const root = new Node();
  for (const fn of functions) {
    const { method, path } = fn.trigger as HttpTrigger;
    let node = root;
    for (const segment of withoutSlash(path).split('/').slice(1)) node = node.next(segment);
    const other = node.here.get(method);
    if (other) {
      throw misconfigured(
        `The functions '${other.fn.name}' and '${fn.name}' have the same ${method} path: change one.`,
      );
    }
    node.here.set(method, { fn });
  }
  const find = (method: string, path: string): Route | undefined =>
    root.find(method, path, 1) ?? (method === 'HEAD' ? root.find('GET', path, 1) : undefined);
  return (method, given, asked = '') => {
    if (given && !given.startsWith('/')) return undefined;
    const path = withoutSlash(given);
    const route = find(method, path);
    if (route) return route;
    // The layers of a function that run before parsing must also see a method without a function: this is how CORS
    // answers OPTIONS. A preflight goes to the function that it asks for.
    const all = root.all(path.split('/'), 1);
    const { fn } = find(asked, path) ?? all[0]?.[1] ?? {};
    return fn && { fn, allow: [...new Set(all.map(([one]) => allowed(one)))].join(', ') };
  };
}
