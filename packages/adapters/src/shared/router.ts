import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { allowed, type HttpRequestEvent, misconfigured } from '@tradewind/core/adapter';

/** The function for a request, and the allowed methods of its path if the request's method is not one of them. */
export interface Route {
  readonly fn: AnyFunction;
  readonly allow?: string;
}

/** Finds the function for a method and a path; undefined if no function has the path. */
export type FindRoute = (method: string, path: string) => Route | undefined;

/**
 * Finds the function that answers a request; undefined if no function has its path. A single function gets all
 * requests, and checks the path itself.
 */
export function routed(functions: readonly AnyFunction[]): (request: HttpRequestEvent) => AnyFunction | undefined {
  const [first] = functions;
  if (functions.length === 1) return () => first;
  const find = routes(functions);
  return (request) => {
    const route = find(request.method, request.path);
    if (route?.allow !== undefined) request.allow = route.allow;
    return route?.fn;
  };
}

interface Entry {
  readonly fn: AnyFunction;
  readonly method: string;
  readonly match: (path: string) => unknown;
  readonly place: string;
}

/** A path without the names of its parameters. Parameters sort after all literal text. */
export function placeOf(path: string): string {
  return path.replace(/:\w+/g, '\uffff').replace(/\/$/, '');
}

/**
 * Routes requests to several HTTP functions. If several paths match, one with a literal segment wins over one with a
 * parameter there. GET functions also answer HEAD.
 */
export function routes(functions: readonly AnyFunction[]): FindRoute {
  const entries = functions.map((fn): Entry => {
    const { method, path, match } = fn.trigger as HttpTrigger<unknown, unknown>;
    return { fn, method, match, place: placeOf(path) };
  });
  entries.sort((a, b) => (a.place < b.place ? -1 : Number(a.place > b.place)));
  for (const { fn, method, place } of entries) {
    const other = entries.find((entry) => entry.fn !== fn && entry.method === method && entry.place === place);
    if (other)
      throw misconfigured(
        `The functions '${fn.name}' and '${other.fn.name}' have the same ${method} path: change one.`,
      );
  }
  return (method, path) => {
    const here = entries.filter(({ match }) => match(path));
    const by = (wanted: string): Route | undefined => here.find((entry) => entry.method === wanted);
    // Layers that run before parsing must also see a method without a function: this is how CORS answers OPTIONS.
    const [first] = here;
    return (
      by(method) ??
      (method === 'HEAD' ? by('GET') : undefined) ??
      (first && { fn: first.fn, allow: [...new Set(here.map((entry) => allowed(entry.method)))].join(', ') })
    );
  };
}
