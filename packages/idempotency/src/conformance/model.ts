import type { Claim, ClaimAnswer, Outcome } from '../store.js';

/** What the model knows of a key. It has no time: a lease is either long or has expired. */
interface Modelled {
  readonly fingerprint: string;
  readonly attempt: number;
  readonly phase:
    | { readonly is: 'held' | 'abandoned'; readonly owner: string; readonly takeover: boolean }
    | { readonly is: 'free'; readonly lastOwner: string; readonly takeover: boolean }
    | { readonly is: 'ended'; readonly owner: string; readonly outcome: Outcome };
}

/** A claim's answer without what only the store knows: the fence, and the remaining time. */
export type ModelAnswer = ClaimAnswer extends infer Answer
  ? Answer extends ClaimAnswer
    ? Omit<Answer, 'fence' | 'remaining'>
    : never
  : never;

/**
 * What a store must answer, implemented independently, to compare stores with. A lease of 0 ms has expired at once; any
 * other is taken to outlast the test.
 */
export class StoreModel {
  readonly #keys = new Map<string, Modelled>();

  claim(key: string, { owner, fingerprint, lease }: Pick<Claim, 'owner' | 'fingerprint' | 'lease'>): ModelAnswer {
    const known = this.#keys.get(key);
    if (known && known.fingerprint !== fingerprint) return { state: 'mismatch' };
    const is = lease > 0 ? 'held' : 'abandoned';
    switch (known?.phase.is) {
      case 'ended':
        return known.phase.outcome;
      case 'held':
      case 'abandoned': {
        const { phase, attempt } = known;
        if (phase.owner === owner) {
          this.#keys.set(key, { ...known, phase: { ...phase, is } });
          return { state: 'granted', attempt, takeover: phase.takeover };
        }
        if (phase.is === 'held') return { state: 'in_progress' };
        return this.#grant(key, fingerprint, attempt + 1, { is, owner, takeover: true });
      }
      case 'free': {
        const { attempt, phase } = known;
        return this.#grant(key, fingerprint, attempt + 1, { is, owner, takeover: phase.takeover });
      }
      default:
        return this.#grant(key, fingerprint, 1, { is, owner, takeover: false });
    }
  }

  complete(key: string, owner: string, outcome: Outcome): boolean {
    const known = this.#keys.get(key);
    if (!known) return false;
    if (known.phase.is === 'ended') return known.phase.owner === owner;
    if (known.phase.is === 'free' || known.phase.owner !== owner) return false;
    this.#keys.set(key, { ...known, phase: { is: 'ended', owner, outcome } });
    return true;
  }

  release(key: string, owner: string): boolean {
    const known = this.#keys.get(key);
    if (!known || known.phase.is === 'ended') return false;
    if (known.phase.is === 'free') return known.phase.lastOwner === owner;
    if (known.phase.owner !== owner) return false;
    this.#keys.set(key, { ...known, phase: { is: 'free', lastOwner: owner, takeover: known.phase.takeover } });
    return true;
  }

  extend(key: string, owner: string, lease: number): boolean {
    const known = this.#keys.get(key);
    if (!known || known.phase.is === 'ended' || known.phase.is === 'free') return false;
    if (known.phase.owner !== owner) return false;
    this.#keys.set(key, { ...known, phase: { ...known.phase, is: lease > 0 ? 'held' : 'abandoned' } });
    return true;
  }

  #grant(
    key: string,
    fingerprint: string,
    attempt: number,
    phase: { readonly is: 'held' | 'abandoned'; readonly owner: string; readonly takeover: boolean },
  ): ModelAnswer {
    this.#keys.set(key, { fingerprint, attempt, phase });
    return { state: 'granted', attempt, takeover: phase.takeover };
  }
}
