import { relayed } from '../shared/stream.js';

/**
 * In bytes: the largest request that the host accepts.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits
 */
const LARGEST = 104_857_600;

/**
 * The body of a request, which is read to its end whatever its readers do. With HTTP streams it comes over a connection that
 * the host uses for many requests: cancelling it would close that connection, and what is left of it would be in the way of
 * the next request.
 */
export class WholeBody {
  readonly stream: ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #isOver = false;
  #size = 0;

  constructor(source: ReadableStream<Uint8Array>) {
    this.stream = relayed(
      () => {
        this.#reader ??= source.getReader();
        return this.#read(this.#reader);
      },
      () => this.drain(),
    );
  }

  /** Whether some of it has been read, and not all. A body that nobody began to read is no problem: Node skips it. */
  get isHalfRead(): boolean {
    return this.#reader !== undefined && !this.#isOver;
  }

  /** Reads what is left, and keeps nothing of it. */
  async drain(): Promise<void> {
    try {
      while (this.#reader && this.isHalfRead) await this.#read(this.#reader);
    } catch {
      // The client has left: nothing more will come.
    }
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
    const read = await reader.read();
    this.#size += read.value?.byteLength ?? 0;
    if (read.done || this.#size > LARGEST) this.#isOver = true;
    // No host sends that much. Without a limit, a stream without an end would keep the process busy for ever.
    if (this.#size > LARGEST) reader.cancel().catch(() => {});
    return read;
  }

  /** An answer that may be made from this body, which is drained once the answer has ended. */
  before(answer: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = answer.getReader();
    return relayed(
      async () => {
        const read = await reader.read();
        if (read.done) void this.drain();
        return read;
      },
      (reason) => {
        void this.drain();
        return reader.cancel(reason);
      },
    );
  }
}
