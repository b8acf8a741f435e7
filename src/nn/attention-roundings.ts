import {aboutSetting} from "../errors.js";
import {type Cast, isRandom, leavesAsIs} from "../precision/parse-cast.js";
import {operandCast} from "./operand-cast.js";
import type {AttentionRoundings, RoundMatrix} from "./ops/attention.js";
import type {ProgramBuilder} from "./program.js";
import type {Recipe} from "./recipe.js";

/**
 * The casts of a recipe within attention. A scale for a tensor is one for each head of each sequence; blocks lie along
 * keys, or along the elements of a vector.
 */
export function attentionRoundings(
  builder: ProgramBuilder,
  {attention, softmaxOutput}: Recipe,
  {batch, context, heads, headSize}: Record<"batch" | "context" | "heads" | "headSize", number>,
): AttentionRoundings {
  const matrices = (name: string, cast: Cast): RoundMatrix | undefined => {
    if (leavesAsIs(cast)) return undefined;
    const shape = {rows: context, columns: context};
    // Each matrix has random bits and a history of its own; without them, one cast does for all.
    const isOne = !isRandom(cast) && cast.scaling.kind !== "delayed";
    const count = isOne ? 1 : batch * heads;
    const make = () => aboutSetting(name, () => operandCast(builder, cast, shape, "rows"));
    const casts = Array.from({length: count}, make);
    return (address, head) => casts[isOne ? 0 : head](address, address);
  };
  const vectors = (name: string, cast: Cast) => {
    if (leavesAsIs(cast)) return undefined;
    const shape = {rows: batch * context * heads, columns: headSize};
    const run = aboutSetting(name, () => operandCast(builder, cast, shape, "rows"));
    return (address: number) => run(address, address);
  };
  return {
    softmaxOutput: matrices("softmaxOutput", withoutDelay(softmaxOutput)),
    probabilities: matrices("probabilities", withoutDelay(attention.probabilities)),
    outputGradient: vectors("attentionGradient", attention.gradient),
    logitGradient: matrices("attentionGradient", attention.gradient),
  };
}

/** The largest weight is always the same, that of the first query, which sees one key: there is nothing to wait for. */
const withoutDelay = (cast: Cast): Cast =>
  cast.scaling.kind === "delayed" ? {...cast, scaling: {kind: "tensor"}} : cast;
