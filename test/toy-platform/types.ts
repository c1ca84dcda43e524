/** What the toy cloud says of an invocation. */
export interface ToyMeta {
  readonly run: string;
  /** When the invocation is ended, in ms since the epoch. */
  readonly killAt: number;
}

export type ToyHead = readonly (readonly [name: string, value: string])[];

export interface ToyRequest {
  readonly verb: string;
  /** Path and query. */
  readonly target: string;
  readonly head: ToyHead;
  /** In base64. */
  readonly payload: string | null;
}

export interface ToyAnswer {
  readonly code: number;
  readonly head: ToyHead;
  /** In base64. */
  readonly payload: string | null;
}

/** One message. A promise that is rejected brings it back. */
export interface ToyMessage {
  readonly note: { readonly key: string; readonly text: string; readonly tries: number };
}

/** What the toy cloud calls. */
export type ToyHandler = (event: unknown, meta: ToyMeta) => Promise<ToyAnswer | undefined>;
