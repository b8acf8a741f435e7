/** What quantization after training did to one run. */
export interface AfterTrainingRow {
  readonly parameters: number;
  readonly tokens: number;
  /** What the weights were rounded to in training. */
  readonly trained: string;
  readonly seed: number;
  readonly method: "nearest" | "gptq";
  readonly cast: string;
  /** Of integers; null for other casts. */
  readonly bits: number | null;
  /** Held-out losses in nats per token. */
  readonly before: number;
  readonly after: number;
}

/** Runs that differ in their seeds alone, quantized in the same way: means over them. */
export interface AfterTrainingPoint extends Omit<AfterTrainingRow, "seed" | "bits"> {
  readonly bits: number;
  readonly tokensPerParameter: number;
  /** after − before */
  readonly lost: number;
  readonly seeds: number;
}

/** Points of integers with a finite loss, with the fewest tokens first. */
export function afterTrainingPoints(rows: readonly AfterTrainingRow[]): AfterTrainingPoint[] {
  const groups = new Map<string, AfterTrainingRow[]>();
  for (const row of rows) {
    const {parameters, tokens, trained, method, bits, after} = row;
    if (bits === null || !Number.isFinite(after)) continue;
    const key = [parameters, tokens, trained, method, bits].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()]
    .map((group) => {
      const [{parameters, tokens, trained, method, cast, bits}] = group;
      const [before, after] = [mean(group.map((row) => row.before)), mean(group.map((row) => row.after))];
      return {
        ...{parameters, tokens, trained, method, cast, bits: bits!, before, after},
        ...{tokensPerParameter: tokens / parameters, lost: after - before, seeds: group.length},
      };
    })
    .sort((a, b) => a.tokensPerParameter - b.tokensPerParameter);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
