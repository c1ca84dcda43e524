/** The part of `ExecutionContext` that the adapter uses. */
export interface WorkersContext {
  waitUntil(work: Promise<unknown>): void;
}

/** One message of a {@link WorkersBatch}. The first call of `ack` or `retry` counts. */
export interface WorkersMessage {
  readonly id: string;
  readonly timestamp: Date;
  readonly body: unknown;
  readonly attempts: number;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

/** A batch of messages from one queue. */
export interface WorkersBatch {
  readonly queue: string;
  readonly messages: readonly WorkersMessage[];
}

/** One run of a cron trigger. */
export interface WorkersController {
  readonly cron: string;
  /** In ms since the epoch. */
  readonly scheduledTime: number;
  noRetry(): void;
}

/** What a Worker exports for each kind of function. */
export interface WorkersHandlers {
  http: { fetch(request: Request, env: object, context: WorkersContext): Promise<Response> };
  schedule: { scheduled(controller: WorkersController, env: object, context: WorkersContext): Promise<void> };
  queue: { queue(batch: WorkersBatch, env: object, context: WorkersContext): Promise<void> };
}
