/** A module that does what no module of a package may do at import: it shows that the check would find it. */
export const id: number = Math.random();
