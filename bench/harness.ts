/** The median, and the tenth and ninetieth percentiles, which a mean would hide. */
export interface Spread {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** Summarises measurements. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) };
}

/** Runs all contestants in every round, in a different order each time, so that a slow machine affects all of them. */
export async function interleave<Name extends string>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<number>,
): Promise<Record<Name, number[]>> {
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffle(names)) measured[name].push(await measure(name));
  }
  return measured;
}

/** Each round's ratio to the reference in the same round. */
export function ratios(values: readonly number[], reference: readonly number[]): Spread {
  return spread(values.map((value, round) => value / (reference[round] ?? Number.NaN)));
}

/** Rounds results; more digits would be noise. */
export function digits({ median, p10, p90 }: Spread, places: number): Spread {
  const round = (value: number): number => Number(value.toFixed(places));
  return { median: round(median), p10: round(p10), p90: round(p90) };
}

function shuffle<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
