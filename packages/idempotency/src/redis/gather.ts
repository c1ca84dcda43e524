/** The part of a socket that is used. */
interface Corkable {
  cork(): void;
  uncork(): void;
}

/** The most commands in one write: Redis works on these while the next ones are made. */
const MOST = 16;

/**
 * Sends the commands of one turn of the event loop in one write. A write to a socket takes longer than everything else
 * about a command here, and ioredis makes one write per command.
 *
 * @param client - its `stream` is its socket, if it has one; a cluster's client has several.
 * @returns a function to call before each command.
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
