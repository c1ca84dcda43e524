// As `wrangler types` makes it, what is used of it.
declare module 'cloudflare:workers' {
  export const env: Readonly<Record<string, unknown>>;
}
