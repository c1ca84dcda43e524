/** What a function can say, or what can happen, while a message is delivered. */
export type Situation =
  | 'return'
  | 'throw'
  | 'retryLater'
  | 'reject'
  | 'reject, with a sink'
  | 'a sink that fails'
  | 'data that does not fit its schema'
  | 'the deadline'
  | 'order'
  | 'a batch at once';

/**
 * How a platform expresses a situation: by itself (`native`), by something of ours or of the user's (`emulated`), or not
 * at all, which is said when it starts (`refused`).
 */
export interface Expression {
  readonly how: 'native' | 'emulated' | 'refused';
  /** What the platform is told, and what comes of it. Markdown. */
  readonly answer: string;
}

/** How the binding of one kind of event on one platform expresses each situation. The documentation is made from it. */
export interface DeliveryTable {
  readonly platform: string;
  readonly kind: string;
  /** A situation that is not here cannot be: a single event has no order and no batch. */
  readonly situations: Readonly<Partial<Record<Situation, Expression>>>;
}
