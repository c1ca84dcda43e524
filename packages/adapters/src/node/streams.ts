import { type FinalResult, isStream } from '@tradewind/core/adapter';
import type { NodeRequestEvent } from '../shared/node-request.js';
import { writeAnswer } from '../shared/node-send.js';

/** Why the signal of a request aborts when its server ends. */
export const SHUTTING_DOWN = 'The server is shutting down.';

/** Sends the responses of a server, and tells the streams among them when it ends, since a stream may never end by itself. */
export class Streams {
  readonly #open = new Set<NodeRequestEvent>();
  readonly #patience: number | undefined;
  #isEnding = false;

  /** @param patience - how long a client may take to accept 64 KiB, in ms. */
  constructor(patience?: number) {
    this.#patience = patience;
  }
  async send(result: FinalResult, request: NodeRequestEvent): Promise<void> {
    if (!isStream(result.body)) return writeAnswer(result, request, this.#patience);
    this.#open.add(request);
    if (this.#isEnding) tell(request);
    try {
      await writeAnswer(result, request, this.#patience);
    } finally {
      this.#open.delete(request);
    }
  }
  /** Aborts the signals of all streams, and of those that start later. */
  end(): void {
    this.#isEnding = true;
    for (const request of this.#open) tell(request);
  }
  /** Closes the connections of the streams that go on, which cancels them. */
  cancel(): void {
    for (const { response } of this.#open) response.destroy();
  }
}

function tell({ leaving }: NodeRequestEvent): void {
  leaving.because(SHUTTING_DOWN);
}
