// Rows like those of the loaders, drawn from formulas rather than runs: normal values of known spread, for chart tests.
import type {LossRow} from "../../../docs/components/loss-row.js";
import type {VarianceRow} from "../../../docs/components/variance-row.js";

const exponents = {min: -40, max: 31};
const schemes = ["standard", "unit"];
const recipes = ["fp32", "fp8", "fp8-scaled"];
const parts = ["qkv", "attention output", "mlp up", "mlp down"];
const tensors = ["activation", "weight", "activation gradient", "weight gradient"];

/** Spreads of a small model under standard parametrization as powers of two: [activation, weight, its gradients]. */
const standardSpreads: Record<string, readonly number[]> = {
  embedding: [-5, -5.6, -22, -19],
  qkv: [0, -5.6, -24.5, -20],
  "attention output": [-4.4, -7.1, -21, -20.5],
  "mlp up": [0, -5.6, -23, -18.5],
  "mlp down": [-4, -7.1, -20.8, -19.6],
  head: [0, -5.6, -14, -12.5],
};

/** Limits as powers of two: half the smallest subnormal, which still rounds to zero, and the largest value. */
const limits = {e4m3fn: [2 ** -10, 448], e5m2: [2 ** -17, 57344], fp16: [2 ** -25, 65504]} as const;

/** The rows of `loaders/variance.arrow` for a model of `blocks` blocks. */
export function varianceRows({blocks = 4} = {}): VarianceRow[] {
  const layers = [
    "embedding",
    ...Array.from({length: blocks}, (_, i) => parts.map((part) => `block ${i + 1} ${part}`)).flat(),
    "head",
  ];
  return schemes.flatMap((scheme) =>
    recipes.flatMap((recipe) =>
      ["initial", "trained"].flatMap((stage) =>
        layers.flatMap((layer, depth) =>
          tensors.map((tensor, i) => {
            const base = standardSpreads[layer.replace(/^block \d+ /, "")][i];
            const wobble = ((depth * 7 + i * 3) % 5) / 5;
            const drift = stage === "trained" ? 0.8 * wobble + (i > 1 ? -0.9 : 0.5) : 0;
            const power = (scheme === "standard" ? base + 0.3 * wobble : wobble - 0.6) + drift;
            const step = stage === "initial" ? 0 : 300;
            return {scheme, recipe, stage, step, depth, layer, tensor, ...normalStatistics(2 ** power)};
          }),
        ),
      ),
    ),
  );
}

/** What a probe would see of 4096 values from N(0, spread²). */
function normalStatistics(spread: number) {
  const within = (limit: number) => erf(limit / (spread * Math.SQRT2));
  const histogram = Float32Array.from({length: exponents.max - exponents.min + 1}, (_, i) => {
    const low = 2 ** (i + exponents.min);
    return within(2 * low) - within(low);
  });
  const lost = Object.fromEntries(
    Object.entries(limits).flatMap(([format, [smallest, largest]]) => [
      [`underflow_${format}`, within(smallest)],
      [`overflow_${format}`, 1 - within(largest)],
    ]),
  ) as Pick<VarianceRow, `${"underflow" | "overflow"}_${keyof typeof limits}`>;
  return {elements: 4096, mean: 0, spread, largest: 3.7 * spread, zeros: 0, histogram, ...lost};
}

/** Abramowitz & Stegun 7.1.26, to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
  return 1 - polynomial * t * Math.exp(-x * x);
}

/** The rows of `loaders/losses.arrow`: a decay towards a limit that only plain FP8 under `standard` misses. */
export function lossRows({steps = 200, floor = 1.3 as number | null} = {}): LossRow[] {
  return schemes.flatMap((scheme) =>
    recipes.flatMap((recipe) =>
      Array.from({length: steps}, (_, step) => {
        const limit = scheme === "standard" && recipe === "fp8" ? 2.1 : recipe === "fp32" ? 1.42 : 1.45;
        const smooth = limit + (3.3 - limit) * Math.exp((-5 * step) / steps);
        return {
          scheme,
          recipe,
          run: `${scheme}-${recipe}`,
          step: step + 1,
          tokens: (step + 1) * 1024,
          training_loss: smooth + 0.03 * Math.sin(step * 12.9898),
          training_loss_smooth: smooth,
          held_out_loss: (step + 1) % (steps / 8) === 0 ? smooth + 0.02 : null,
          floor,
        };
      }),
    ),
  );
}
