/** The id of an invocation. If the platform gives none, one is made on first use and kept. */
export function lastingId(holder: { id?: string | null | undefined }): string {
  holder.id ??= crypto.randomUUID();
  return holder.id;
}
