/** Something whose speed can be measured at any moment. */
export interface Candidate {
  readonly name: string;
  readonly unit: string;
  /** Works for about `seconds` and returns units of work per second, from the median of its calls. */
  rate(seconds: number): Promise<number>;
}

/** Rates of several candidates, one for each round; rounds visit the candidates in turn. */
export type Rates = readonly (readonly number[])[];

/** How long each candidate works before anything counts, so that compilers and caches settle. */
const warmUpSeconds = 0.5;

/**
 * Measures candidates alternately, so that whatever disturbs the computer disturbs all of them alike. Many short rounds
 * are better than a few long ones: the speed of a shared computer changes within a second.
 */
export async function alternate(
  candidates: readonly Candidate[],
  {rounds, seconds}: {rounds: number; seconds: number},
): Promise<Rates> {
  for (const candidate of candidates) await candidate.rate(warmUpSeconds);
  const rates = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, candidate] of candidates.entries()) rates[i].push(await candidate.rate(seconds));
  }
  return rates;
}

/** A candidate that repeats a call; `work` is the number of units one call does. */
export function repeated(name: string, unit: string, work: number, call: () => unknown): Candidate {
  return {
    name,
    unit,
    async rate(seconds) {
      const times: number[] = [];
      const end = performance.now() + seconds * 1000;
      do {
        const start = performance.now();
        const result = call();
        if (result instanceof Promise) await result;
        times.push((performance.now() - start) / 1000);
      } while (performance.now() < end);
      return work / median(times);
    },
  };
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Value below which `share` of the values lie, between neighbours by interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const [below, above] = [Math.floor(position), Math.ceil(position)];
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
