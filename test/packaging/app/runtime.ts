// What the runtimes have, said here because the app is compiled without the types of any.
declare const process: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions: Readonly<Record<string, string | undefined>>;
};
const { Bun, Deno } = globalThis as {
  readonly Bun?: { readonly version: string };
  readonly Deno?: { readonly version: { readonly deno: string } };
};

/** What this file was called with. */
export const args: readonly string[] = process.argv.slice(2);
export const env: Readonly<Record<string, string | undefined>> = process.env;
/** What this runs on, and its version. */
export const running: string = Bun
  ? `Bun ${Bun.version}`
  : Deno
    ? `Deno ${Deno.version.deno}`
    : `Node ${process.versions.node}`;
