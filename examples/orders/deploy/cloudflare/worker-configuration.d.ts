// The part of the output of `wrangler types` that the app uses.
declare module 'cloudflare:workers' {
  export const env: Readonly<Record<string, unknown>>;
}
