import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { allowed } from '@tradewind/core/adapter';
import { addRoute, createRouter, findRoute } from 'rou3';
import { misconfigured } from './functions.js';

/** The function for a request, and the methods of its path where the request's is not among them. */
export interface Route {
  readonly fn: AnyFunction;
  readonly allow?: string;
}

/** Finds the function of a path and a method, or undefined where there is nothing at the path. */
export type FindRoute = (method: string, path: string) => Route | undefined;

/** Routes requests to several HTTP functions. HEAD is answered by GET. */
export function routes(functions: readonly AnyFunction[]): FindRoute {
  const router = createRouter<Route>();
  const methods: string[] = [];
  const taken = new Map<string, string>();
  for (const fn of functions) {
    const { method, path } = fn.trigger as HttpTrigger<unknown, unknown>;
    const place = `${method} ${path.replace(/:\w+/g, ':').replace(/(.)\/$/, '$1')}`;
    const other = taken.get(place);
    if (other) throw misconfigured(`The functions '${other}' and '${fn.name}' both answer ${method} ${path}.`);
    taken.set(place, fn.name);
    addRoute(router, method, path, { fn });
    if (!methods.includes(method)) methods.push(method);
  }
  const find = (method: string, path: string): Route | undefined => findRoute(router, method, path)?.data;
  return (method, path) => {
    const found = find(method, path) ?? (method === 'HEAD' ? find('GET', path) : undefined);
    if (found) return found;
    // Layers that stand outside parsing still see the request: CORS answers OPTIONS this way.
    const others = methods.filter((other) => find(other, path));
    const first = others[0] === undefined ? undefined : find(others[0], path);
    return first && { fn: first.fn, allow: others.map(allowed).join(', ') };
  };
}
