/** The parent's request, and the answer: microseconds per call. */
export interface Round {
  /** In ms: long enough for the compiler to finish, even for fast contestants. */
  readonly warmUp: number;
  readonly calls: number;
}

// Few enough that the events stay in the processor's cache, like those of a single request.
const BATCH = 64;

/** In a child process: measures a round for each request of the parent, with a fresh event for every call. */
export function answerRounds(handle: (event: unknown) => PromiseLike<unknown>, text: string): void {
  const run = async (calls: number): Promise<number> => {
    let nanoseconds = 0n;
    for (let done = 0; done < calls; done += BATCH) {
      const events = Array.from({ length: BATCH }, () => JSON.parse(text) as unknown);
      const start = process.hrtime.bigint();
      for (const event of events) await handle(event);
      nanoseconds += process.hrtime.bigint() - start;
    }
    return Number(nanoseconds) / calls / 1_000;
  };
  process.on('message', async ({ warmUp, calls }: Round) => {
    const end = performance.now() + warmUp;
    do await run(BATCH);
    while (performance.now() < end);
    process.send?.(await run(calls));
  });
  process.send?.('ready');
}
