import fc from 'fast-check';

/** A change somewhere deep in an event: where, by numbers that pick a key on each level, and what. */
export interface Mutation {
  readonly steps: readonly number[];
  readonly value: unknown;
  readonly removes: boolean;
}

const HOSTILE: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  {},
  [null],
  'x'.repeat(5_000),
  '\r\nset-cookie: a=1',
  '%',
  '%E0%A4%A',
  '\0',
  '\ud800',
  '{"__proto__":{"polluted":true}}',
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { constructor: { prototype: { polluted: true } } },
  'toString',
  'null',
  '[]',
];

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    steps: fc.array(fc.nat(60), { minLength: 1, maxLength: 6 }),
    value: fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: 'binary' })),
    removes: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Makes the changes in a copy of an event. */
export function mutate(event: unknown, all: readonly Mutation[]): unknown {
  const root = { event: structuredClone(event) };
  for (const { steps, value, removes } of all) {
    let holder: Record<string, unknown> = root;
    let key = 'event';
    for (const step of steps) {
      const inner = holder[key];
      if (typeof inner !== 'object' || inner === null) break;
      const keys = Object.keys(inner);
      if (keys.length === 0) break;
      holder = inner as Record<string, unknown>;
      key = keys[step % keys.length] as string;
    }
    if (removes) delete holder[key];
    // A copy: a later mutation may reach into it, and the value is every run's.
    else holder[key] = structuredClone(value);
  }
  // Events come off the wire: nothing but JSON can be in one.
  const text = JSON.stringify(root.event);
  return text === undefined ? undefined : JSON.parse(text);
}
