import {canonicalJson} from "../src/training/canonical-json.js";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";

/** What the casts of a run do to its held-out loss: of the run without them that is the same in all else. */
export interface Rise {
  readonly settings: RunSettings;
  readonly parameters: number;
  readonly tokens: number;
  readonly loss: number;
  /** Nats per token. */
  readonly rise: number;
  /** Share of the loss without casts. */
  readonly share: number;
}

/** The settings by which the runs of these sweeps round, and what is done after training. */
export const castKeys: readonly (keyof RunSettings)[] = [
  "recipe",
  "forwardActivation",
  "forwardWeight",
  "inputGradientGradient",
  "inputGradientWeight",
  "weightGradientActivation",
  "weightGradientGradient",
  "key",
  "value",
  "postTraining",
];

/** Whether nothing is rounded in training. */
export const isPlain = (settings: RunSettings): boolean =>
  settings.recipe === "fp32" &&
  settings.inputGradientGradient === "recipe" &&
  settings.inputGradientWeight !== "e1m1 row" &&
  ["forwardActivation", "forwardWeight", "weightGradientActivation", "weightGradientGradient", "key"].every(
    (key) => ["recipe", "forward"].includes(settings[key as keyof RunSettings] as string),
  );

/** The rise of every run that rounds something and has a run without casts to be compared with. */
export function risesOf(records: readonly RunRecord[]): Rise[] {
  const same = (settings: RunSettings) =>
    canonicalJson(
      Object.fromEntries(Object.entries(settings).filter(([key]) => !castKeys.includes(key as never))),
    );
  const finished = records.filter(({finalHeldOutLoss}) => finalHeldOutLoss !== null);
  const plain = new Map(
    finished
      .filter(({settings}) => isPlain(settings))
      .map(({settings, finalHeldOutLoss}) => [same(settings), finalHeldOutLoss!]),
  );
  return finished.flatMap(({settings, parameters, tokens, finalHeldOutLoss}) => {
    const reference = plain.get(same(settings));
    if (reference === undefined || isPlain(settings)) return [];
    const rise = finalHeldOutLoss! - reference;
    return [{settings, parameters, tokens, loss: finalHeldOutLoss!, rise, share: rise / reference}];
  });
}
