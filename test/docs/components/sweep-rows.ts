import {experiments} from "../../../docs/components/lab-experiments.js";
import type {SweepIndex, SweepInfo, SweepRow} from "../../../docs/components/sweep-info.js";
import {settingsForm} from "../../../src/training/settings-form.js";

const form = settingsForm(() => "0".repeat(64));
const base = form.check({...experiments[0].a, scheme: "standard", steps: "40"}).settings!;

/** Learning rates of the small sweep. */
export const rates = [0.004, 0.008, 0.016];

/**
 * A sweep of two recipes, three learning rates and two seeds. FP8 costs 0.1 nats, the best rate is the middle one, a seed
 * moves a loss by 0.002, and FP8 at the largest rate diverges with the second seed.
 */
export function smallSweep(): {info: SweepInfo; rows: SweepRow[]} {
  const rows = ["fp32", "fp8"].flatMap((recipe) =>
    rates.flatMap((learningRate, i) =>
      [1, 2].map((seed): SweepRow => {
        const loss = 1 + (recipe === "fp8" ? 0.1 : 0) + (i === 1 ? 0 : 0.05 * (i + 1)) + (seed - 1.5) * 0.004;
        const diverged = recipe === "fp8" && i === 2 && seed === 2;
        const id = `${recipe.length}${i}${seed}00000abcdef012345`;
        return {
          ...{id, engine: "e0e0", after_training: "", parameters: 2000, tokens: 40 * 1024, seconds: 2 + i},
          ...{held_out_loss: diverged ? null : loss, floor: 0.6, weight_hash: `hash ${id}`},
          diverged_step: diverged ? 20 : null,
          diverged_reason: diverged ? "the training loss is not a finite number" : null,
          ...{
            curve_steps: 4,
            curve: Float32Array.from({length: diverged ? 5 : 10}, (_, k) => loss + 2 / (1 + k)),
          },
          ...encoded({recipe, learningRate, seed}),
        };
      }),
    ),
  );
  const differing = ["recipe", "learningRate", "seed"] as const;
  const shared = Object.fromEntries(
    Object.entries(base).filter(([key]) => !(differing as readonly string[]).includes(key)),
  );
  const info: SweepInfo = {
    ...{
      name: "small",
      comment: "Whether FP8 costs\nanything.\n\nAfter figure 1 of a paper.",
      findings: ["FP8 costs +0.100."],
      runs: rows.length,
    },
    ...{planned: 14, missing: 2, failed: 1, engines: ["e0e0"], seconds: 36, parameters: [2000, 2000]},
    ...{tokens: [40960, 40960], differing, shared},
    given: [
      "recipe",
      "layers",
      "width",
      "context",
      "batch",
      "corpus",
      "steps",
      "learningRate",
      "weightDecay",
      "seed",
    ],
  };
  return {info, rows};
}

const encoded = (settings: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)]));

/** A sweep of so many runs over seeds, without a floor. */
export function longSweep(count: number): {info: SweepInfo; rows: SweepRow[]} {
  const {info, rows} = smallSweep();
  const {recipe: _, ...shared} = {...info.shared, learningRate: 0.008, recipe: "fp32"} as Record<
    string,
    unknown
  >;
  return {
    info: {
      ...{
        ...info,
        name: "long",
        findings: [],
        runs: count,
        planned: count,
        missing: 0,
        failed: 0,
        differing: ["seed"],
      },
      shared: {...shared, recipe: "fp32"},
    },
    rows: Array.from({length: count}, (_, i) => ({
      ...rows[0],
      ...{
        curve: [2, 1],
        id: i.toString(16).padStart(8, "0").padEnd(20, "f"),
        floor: null,
        held_out_loss: 1 + ((i * 7919) % 1000) / 1e4,
      },
      ...encoded({seed: i + 1}),
    })),
  };
}

export const smallIndex = (): SweepIndex => ({
  engine: "e0e0",
  corpora: {markov: {kind: "markov", name: "markov", words: 256, successors: 32, exponent: 1, seed: 1}},
  sweeps: [smallSweep().info, longSweep(1000).info],
});

export const loadRows = async (name: string): Promise<readonly SweepRow[]> => {
  if (name === "small") return smallSweep().rows;
  if (name === "long") return longSweep(1000).rows;
  throw new Error("404");
};
