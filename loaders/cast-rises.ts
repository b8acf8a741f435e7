import {linearOperands} from "../src/recipes/make-recipe.js";
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

/** Operands that the sweeps over bits cast, where settings may differ from the recipe's own. */
const castOperands = [...linearOperands, "key", "value"] as const;

/** The settings by which these runs round, and what is done after training. */
export const castKeys: readonly (keyof RunSettings)[] = ["recipe", ...castOperands, "postTraining"];

/** Whether nothing is rounded in training: a backward operand may be what the forward pass multiplied. */
export const isPlain = (settings: RunSettings): boolean =>
  settings.recipe === "fp32" &&
  castOperands.every((operand) => ["recipe", "forward"].includes(settings[operand]));

/** The rise of every run that rounds something and has a run without casts to be compared with. */
export function risesOf(records: readonly RunRecord[]): Rise[] {
  const same = (settings: RunSettings) =>
    canonicalJson(
      Object.fromEntries(
        Object.entries(settings).filter(([key]) => !castKeys.includes(key as keyof RunSettings)),
      ),
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
