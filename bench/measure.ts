/** Something whose speed can be measured at any moment. */
export interface Candidate {
  readonly name: string;
  readonly unit: string;
  /** Works for about `seconds` and returns units of work per second, from the median of its calls. */
  rate(seconds: number): Promise<number>;
}

/** Rates of several candidates, one for each round; rounds visit the candidates in turn. */
export type Rates = readonly (readonly number[])[];

/**
 * Measures candidates alternately, so that whatever disturbs the computer disturbs all of them alike.
 * A first round is not counted: it lets compilers and caches settle.
 */
export async function alternate(
  candidates: readonly Candidate[],
  {rounds, seconds}: {rounds: number; seconds: number},
): Promise<Rates> {
  const rates = candidates.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, candidate] of candidates.entries()) {
      const rate = await candidate.rate(seconds);
      if (round > 0) rates[i].push(rate);
    }
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

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
