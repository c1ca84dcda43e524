/** What a function can do, or what can happen, while a message is delivered. */
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
 * How a platform expresses a situation: by itself (`native`), with the help of Tradewind or the user (`emulated`), or
 * not at all, which is reported at start-up (`refused`).
 */
export interface Expression {
  readonly how: 'native' | 'emulated' | 'refused';
  /** What the platform is told, and what it does then. Markdown. */
  readonly answer: string;
}

/**
 * How the binding of one kind of event on one platform expresses each situation. A documentation page is made from it.
 */
export interface DeliveryTable {
  readonly platform: string;
  readonly kind: string;
  /** A missing situation cannot happen: a single event, for example, has no order and no batch. */
  readonly situations: Readonly<Partial<Record<Situation, Expression>>>;
}
