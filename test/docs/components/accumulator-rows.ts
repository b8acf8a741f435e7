// Rows like those of the loaders, from formulas: errors that grow with a power of the length, for chart tests.
import type {RaceRow} from "../../../docs/components/race-row.js";
import type {WidthRow} from "../../../docs/components/width-row.js";

/** Error at 32 products and its growth per doubling, by racer. */
const e4m3Racers: Readonly<Record<string, readonly [number, number]>> = {
  "h100-cublaslt-fast fp8": [5e-5, 2.8],
  "ada-mma fp8": [8e-5, 2.6],
  "h100-cublaslt fp8": [6e-4, 1],
  "b200-mma fp8": [0, 1],
  "h100-wgmma fp16 fp16 sums": [2e-4, 1.4],
  "v100-mma fp16": [1e-8, 2],
  "a100-mma fp16": [9e-9, 2],
  "h100-wgmma fp16": [8e-9, 2],
  fp32: [1e-8, 1.4],
  exact: [2.6e-8, 1],
};
const fp16Racers = Object.fromEntries(Object.entries(e4m3Racers).filter(([racer]) => !racer.endsWith("fp8")));

/** The rows of `loaders/accumulator-race.arrow` for lengths up to 4,096. */
export function raceRows(): RaceRow[] {
  const contests = {e4m3: e4m3Racers, fp16: fp16Racers};
  return ["non-negative", "relu", "signed"].flatMap((data) =>
    Object.entries(contests).flatMap(([operands, racers]) =>
      Object.entries(racers).flatMap(([racer, [first, growth]]) =>
        Array.from({length: 8}, (_, i) => {
          const rms = (data === "non-negative" ? 1 : 0.1) * first * growth ** i;
          const bias = data === "non-negative" ? -rms : rms / 20;
          return {data, operands, racer, k: 32 << i, count: 256, bias, rms};
        }),
      ),
    ),
  );
}

/** The rows of `loaders/accumulator-width.arrow`: one bit more is worth an interval twice as long. */
export function widthRows(): WidthRow[] {
  const [k, count] = [4096, 64];
  return ["non-negative", "relu", "signed"].flatMap((data) =>
    Array.from({length: 19}, (_, i) => i + 6).flatMap((fraction_bits) =>
      Array.from({length: 8}, (_, j) => {
        const promotion = 32 << j;
        const rms = Math.min(1, (promotion / 2 ** fraction_bits) * (data === "signed" ? 0.002 : 0.04));
        return {data, fraction_bits, promotion, k, count, bias: -rms, rms};
      }),
    ),
  );
}
