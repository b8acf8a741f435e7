// Rows like those of the loaders of the page on recipes, drawn from formulas rather than runs.
import type {HealthRow} from "../../../docs/components/health-row.js";
import type {RecipeLossRow} from "../../../docs/components/recipe-loss-row.js";
import type {RecipeRun, RecipeRuns} from "../../../docs/components/recipe-runs.js";

const schemes = ["standard", "unit"];
/** By name the loss that each adds under `standard`, in nats per token; under `unit` it is a tenth. */
const costs: Readonly<Record<string, number>> = {
  fp32: 0,
  bf16: 0.001,
  fp8: 0.9,
  "fp8-scaled": 0.012,
  mxfp4: 0.15,
};
const recipes = Object.keys(costs);
const seeds = [1, 2, 3];
const steps = 400;
const probeEvery = 100;

const costOf = (scheme: string, recipe: string) => costs[recipe] * (scheme === "unit" ? 0.1 : 1);

/** What `loaders/recipe-runs.json` holds; runs of `diverged` end at step 130. */
export function recipeRunsRows({diverged = [] as readonly string[]} = {}): RecipeRuns {
  const runs = schemes.flatMap((scheme) =>
    recipes.flatMap((recipe) =>
      seeds.map((seed): RecipeRun => {
        const isCut = diverged.includes(recipe);
        return {
          id: `${scheme}-${recipe}-${seed}`.padEnd(64, "0"),
          ...{scheme, recipe, seed, learningRate: 0.01},
          loss: isCut ? null : 1.2 + costOf(scheme, recipe) + 0.01 * (seed - 2),
          diverged: isCut ? {step: 130, reason: "the training loss is not a finite number"} : null,
          probed: seed === 1,
        };
      }),
    ),
  );
  const model = {layers: 2, width: 64, heads: 4, context: 64, batch: 8, optimizer: "adamw", corpus: "markov"};
  return {model: {...model, steps, probeEvery, parameters: 107_000, floor: 0.65}, engines: ["e1"], runs};
}

/** The rows of `loaders/recipe-losses.arrow`. */
export function recipeLossRows(): RecipeLossRow[] {
  return schemes.flatMap((scheme) =>
    recipes.flatMap((recipe) =>
      Array.from({length: steps / 10}, (_, i): RecipeLossRow => {
        const limit = 1.2 + costOf(scheme, recipe);
        return {scheme, recipe, step: 10 * (i + 1), loss: limit + (3.3 - limit) * Math.exp(-i / 8)};
      }),
    ),
  );
}

const layers = [
  "embedding",
  ...[1, 2].flatMap((block) =>
    ["qkv", "attention output", "mlp up", "mlp down"].map((part) => `block ${block} ${part}`),
  ),
  "head",
];
const tensors = ["activation", "weight", "activation gradient", "weight gradient"] as const;

/**
 * The rows of `loaders/recipe-health.arrow`: plain FP8 under `standard` loses most gradients from the start, the further
 * from the head the more, and with them the spread of what is below.
 */
export function healthRows(): HealthRow[] {
  const looks = steps / probeEvery + 1;
  return schemes.flatMap((scheme) =>
    recipes.flatMap((recipe) =>
      layers.flatMap((layer, depth) =>
        tensors.map((tensor, i): HealthRow => {
          const isCast = recipe !== "fp32" && tensor !== "weight gradient" && layer !== "embedding";
          const isHurt = scheme === "standard" && recipe === "fp8" && i >= 2;
          const lost = isHurt ? Math.min(0.9, 0.1 * (layers.length - depth)) : 0.001;
          const list = (value: (look: number) => number) =>
            Float32Array.from({length: looks}, (_, look) => value(look));
          const cast = (value: (look: number) => number) =>
            list((look) => (isCast ? value(look) : Number.NaN));
          const power = (scheme === "standard" ? [0, -5, -20, -18][i] : 0) + 0.1 * depth;
          return {
            ...{scheme, recipe, depth, layer, tensor},
            spread: list((look) => 2 ** (power + 0.2 * look) * (isHurt ? 1 - lost : 1)),
            underflow: cast(() => lost),
            overflow: cast(() => 0),
            signal: cast((look) => (isHurt ? 2 : 31 - look)),
          };
        }),
      ),
    ),
  );
}
