/** Imports the modules in its arguments, while everything that must not be used at import throws. */
import { args, running } from './runtime.js';

const FAILING: readonly (readonly [object, readonly string[]])[] = [
  [globalThis, ['setTimeout', 'setInterval', 'queueMicrotask', 'fetch']],
  [crypto, ['randomUUID', 'getRandomValues']],
  [performance, ['now']],
  [Math, ['random']],
  [Date, ['now']],
];
for (const [owner, names] of FAILING) {
  for (const name of names) {
    const value = (): never => {
      throw new Error(`${name} at import`);
    };
    Object.defineProperty(owner, name, { value });
  }
}
for (const subpath of args) await import(subpath);
console.log(running);
