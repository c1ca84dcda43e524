/** What is used of a socket. */
interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Redis works on these while the next ones are made. */
const MOST = 16;

/**
 * Has the commands of one turn go out in one write. A write to a socket takes longer than all else that is done for a
 * command here, and ioredis makes one for each.
 *
 * @param client - whose `stream` is its socket, where it has one: a cluster's client has several.
 * @returns to be called before each command.
 */
export function gathering(client: { readonly stream?: unknown }): () => void {
  let corked: Corkable | undefined;
  let left = 0;
  const send = (): void => {
    corked?.uncork();
    corked = undefined;
  };
  return () => {
    if (corked && left-- > 0) return;
    send();
    const stream = client.stream as Partial<Corkable> | undefined;
    if (!stream?.cork || !stream.uncork) return;
    stream.cork();
    corked = stream as Corkable;
    left = MOST - 1;
    queueMicrotask(send);
  };
}
