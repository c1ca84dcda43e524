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
 * How a platform carries out a situation: by itself (`native`), with something that Tradewind or the user adds
 * (`emulated`), or not at all (`refused`).
 */
export interface Expression {
  readonly how: 'native' | 'emulated' | 'refused';
  /** What the platform is told, and the effect. Markdown. */
  readonly answer: string;
}

/**
 * How the binding of one kind of event on one platform carries out each situation. docs/delivery.md is made from it.
 */
export interface DeliveryTable {
  readonly platform: string;
  readonly kind: string;
  /** A missing situation cannot occur: a single event has no order and no batch. */
  readonly situations: Readonly<Partial<Record<Situation, Expression>>>;
}
