/** What no module of a package may be: it shows that it would be found. */
export const id: number = Math.random();
