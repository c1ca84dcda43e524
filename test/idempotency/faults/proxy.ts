import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens on the way to a server. It may be changed at any time. */
export interface Way {
  /** In ms: the delay in each direction. */
  delay: () => number;
  /** Whether the server's answers are discarded. */
  deaf: boolean;
}

/** An unreliable connection to a server on loopback. */
export async function proxy(
  port: number,
): Promise<{ readonly port: number; readonly way: Way; readonly reset: () => void } & AsyncDisposable> {
  const way: Way = { delay: () => 0, deaf: false };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to, isAnswer] of [
      [near, far, false],
      [far, near, true],
    ] as const) {
      sockets.add(from);
      // Data arrives in the order in which it was sent.
      let last = Promise.resolve();
      from.on('data', (chunk) => {
        if (isAnswer && way.deaf) return;
        const ms = way.delay();
        const ready = ms > 0 ? new Promise<void>((resolve) => setTimeout(resolve, ms)) : undefined;
        last = ready
          ? Promise.all([last, ready]).then(() => void to.write(chunk))
          : last.then(() => void to.write(chunk));
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reset = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    way,
    reset,
    async [Symbol.asyncDispose]() {
      reset();
      server.close();
    },
  };
}
