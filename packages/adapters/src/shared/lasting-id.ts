/** The id of what the platform gave none: made when it is first asked for, and kept, so that it is the same ever after. */
export function lastingId(holder: { id?: string | null | undefined }): string {
  holder.id ??= crypto.randomUUID();
  return holder.id;
}
