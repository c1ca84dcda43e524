import type { Claim, ClaimAnswer, Granted, IdempotencyStore, Outcome } from '@tradewind/idempotency';
import { StoreModel } from '@tradewind/idempotency/conformance';
import fc from 'fast-check';
import { expect } from 'vitest';

/** A store, and the keys of one history. */
interface Real {
  readonly store: IdempotencyStore;
  readonly prefix: string;
}
/** The model, and each key's last grant. */
interface Model {
  readonly store: StoreModel;
  readonly grants: Map<string, Granted>;
}
type Command = fc.AsyncCommand<Model, Real>;

const LONG = 3_600_000;
const key = fc.constantFrom('k0', 'k1');
const owner = fc.constantFrom('o0', 'o1', 'o2');
const lease = fc.constantFrom(0, LONG);
const outcome: fc.Arbitrary<Outcome> = fc.record({
  state: fc.constantFrom('completed', 'failed', 'unknown'),
  value: fc.oneof(fc.constantFrom('', '{}'), fc.string({ unit: 'binary', maxLength: 20 }).map(wellFormed)),
});

/** Runs random histories of up to 50 operations, and compares every answer with the model's. */
export async function agreesWithModel(store: IdempotencyStore, runs: number): Promise<void> {
  let histories = 0;
  await fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 50, size: 'max' }), async (commands) => {
      const prefix = `history-${process.pid}-${Date.now()}-${histories++}-`;
      await fc.asyncModelRun(
        () => ({ model: { store: new StoreModel(), grants: new Map() }, real: { store, prefix } }),
        commands,
      );
    }),
    { numRuns: runs },
  );
}

const COMMANDS: fc.Arbitrary<Command>[] = [
  fc
    .record({ key, owner, fingerprint: fc.constantFrom('', 'f'), lease })
    .map((claim) => command(`claim ${fc.stringify(claim)}`, (model, real) => claims(claim, model, real))),
  fc
    .record({ key, owner, outcome })
    .map((one) =>
      command(`complete ${fc.stringify(one)}`, async (model, { store, prefix }) =>
        expect(await store.complete({ key: prefix + one.key, owner: one.owner }, one.outcome, LONG)).toBe(
          model.store.complete(one.key, one.owner, one.outcome),
        ),
      ),
    ),
  fc
    .record({ key, owner })
    .map((one) =>
      command(`release ${fc.stringify(one)}`, async (model, { store, prefix }) =>
        expect(await store.release({ key: prefix + one.key, owner: one.owner })).toBe(
          model.store.release(one.key, one.owner),
        ),
      ),
    ),
  fc
    .record({ key, owner, lease })
    .map((one) =>
      command(`extend ${fc.stringify(one)}`, async (model, { store, prefix }) =>
        expect(await store.extend({ key: prefix + one.key, owner: one.owner }, one.lease)).toBe(
          model.store.extend(one.key, one.owner, one.lease),
        ),
      ),
    ),
];

function command(name: string, run: Command['run']): Command {
  return { check: () => true, run, toString: () => name };
}

async function claims(
  claim: Omit<Claim, 'retain'> & { readonly key: string },
  { store: model, grants }: Model,
  { store, prefix }: Real,
): Promise<void> {
  const answer = await store.claim(prefix + claim.key, { ...claim, retain: LONG });
  expect(withoutTime(answer)).toEqual(model.claim(claim.key, claim));
  if (answer.state !== 'granted') return;
  const last = grants.get(claim.key);
  // The same grant has the same fence, a later one a higher fence.
  if (last?.attempt === answer.attempt) expect(answer.fence).toBe(last.fence);
  else if (last) expect(answer.fence).toBeGreaterThan(last.fence);
  grants.set(claim.key, answer);
}

function withoutTime(answer: ClaimAnswer): unknown {
  const { fence: _fence, remaining: _remaining, ...rest } = answer as { fence?: number; remaining?: number };
  return rest;
}

/** A text that UTF-8 can represent: no unpaired surrogates. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
