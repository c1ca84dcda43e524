import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { allowed, type HttpRequestEvent, misconfigured } from '@tradewind/core/adapter';

/** The function for a request, and the methods of its path where the request's is not among them. */
export interface Route {
  readonly fn: AnyFunction;
  readonly allow?: string;
}

/** Finds the function of a path and a method, or undefined where there is nothing at the path. */
export type FindRoute = (method: string, path: string) => Route | undefined;

/**
 * Finds who answers a request, or undefined where there is nothing at its path. The only function there is answers them
 * all: it knows its own path.
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

/** A path without the names of its parameters, which sort behind every text. */
export function placeOf(path: string): string {
  return path.replace(/:\w+/g, '\uffff').replace(/\/$/, '');
}

/**
 * Routes requests to several HTTP functions: of those whose path matches, the one with a literal segment where another
 * has a parameter. HEAD is answered by GET.
 */
export function routes(functions: readonly AnyFunction[]): FindRoute {
  const entries = functions.map((fn): Entry => {
    const { method, path, match } = fn.trigger as HttpTrigger<unknown, unknown>;
    return { fn, method, match, place: placeOf(path) };
  });
  entries.sort((a, b) => (a.place < b.place ? -1 : Number(a.place > b.place)));
  for (const { fn, method, place } of entries) {
    const other = entries.find((entry) => entry.fn !== fn && entry.method === method && entry.place === place);
    if (other) throw misconfigured(`The functions '${fn.name}' and '${other.fn.name}' answer the same ${method} path.`);
  }
  return (method, path) => {
    const here = entries.filter(({ match }) => match(path));
    const by = (wanted: string): Route | undefined => here.find((entry) => entry.method === wanted);
    // Layers that stand outside parsing see a method that nobody has too: CORS answers OPTIONS this way.
    const [first] = here;
    return (
      by(method) ??
      (method === 'HEAD' ? by('GET') : undefined) ??
      (first && { fn: first.fn, allow: [...new Set(here.map((entry) => allowed(entry.method)))].join(', ') })
    );
  };
}
