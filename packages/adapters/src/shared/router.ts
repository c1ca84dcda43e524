import type { HttpTrigger } from '@tradewind/core';
import { allowed } from '@tradewind/core/adapter';
import { addRoute, createRouter, findRoute } from 'rou3';
import { misconfigured, type Wired } from './functions.js';

/** The function for a request, and the methods of its path where the request's is not among them. */
export interface Route<Options> {
  readonly wired: Wired<Options>;
  readonly allow?: string;
}

/** Finds the function of a path and a method, or undefined where there is nothing at the path. */
export type FindRoute<Options> = (method: string, path: string) => Route<Options> | undefined;

/** Routes requests to several HTTP functions. HEAD is answered by GET. */
export function routes<Options>(entries: readonly Wired<Options>[]): FindRoute<Options> {
  const router = createRouter<Route<Options>>();
  const methods: string[] = [];
  const taken = new Map<string, string>();
  for (const wired of entries) {
    const { method, path } = wired.fn.trigger as HttpTrigger<unknown, unknown>;
    const place = `${method} ${path.replace(/:\w+/g, ':').replace(/(.)\/$/, '$1')}`;
    const other = taken.get(place);
    if (other) throw misconfigured(`The functions '${other}' and '${wired.fn.name}' both answer ${method} ${path}.`);
    taken.set(place, wired.fn.name);
    addRoute(router, method, path, { wired });
    if (!methods.includes(method)) methods.push(method);
  }
  const find = (method: string, path: string): Route<Options> | undefined => findRoute(router, method, path)?.data;
  return (method, path) => {
    const found = find(method, path) ?? (method === 'HEAD' ? find('GET', path) : undefined);
    if (found) return found;
    // Layers that stand outside parsing still see the request: CORS answers OPTIONS this way.
    const others = methods.filter((other) => find(other, path));
    const first = others[0] === undefined ? undefined : find(others[0], path);
    return first && { wired: first.wired, allow: others.map(allowed).join(', ') };
  };
}
