import {shortCount} from "./short-count.js";
import {valueAt} from "./surface-axis.js";
import {budgets, optimumOnLine, type Plane} from "./surface-budget.js";
import {axisOf, lossOf, pointOf, type SurfaceLaw} from "./surface-law.js";
import {costText, lossText} from "./surface-sentences.js";

/** The headline: what a memory holds at best, beside a model in 16 bits that takes as much. */
export function memoryTakeaway(surface: SurfaceLaw): string {
  const parameters = surface.start.parameters!;
  const tokens = surface.start.tokens!;
  const plane: Plane = {
    surface,
    x: axisOf(surface, "parameters")!,
    y: axisOf(surface, "bits")!,
    values: surface.start,
  };
  const bytes = 2 * parameters;
  const optimum = optimumOnLine(plane, budgets.memory, bytes)!;
  const plain = lossOf(surface, pointOf(surface, {parameters, tokens, bits: 16}));
  const [best, bits] = [valueAt(plane.x, optimum.u), valueAt(plane.y, optimum.v)];
  return `By ${surface.name}, ${budgets.memory.text(bytes)} are best spent on ${shortCount(best)} parameters in ${Number(bits.toFixed(1))} bits: a loss of ${lossText(optimum.loss)}, where ${shortCount(parameters)} parameters in 16 bits take as much and lose ${lossText(plain)}.`;
}

/** What four bits instead of eight cost in weights and in activations, by a fit of our runs. */
export function operandsClaim(surface: SurfaceLaw): string {
  const {parameters, tokens} = surface.start;
  const eight = {parameters, tokens, weightBits: 8, activationBits: 8};
  const base = lossOf(surface, pointOf(surface, eight));
  const costOf = (changes: object) => lossOf(surface, pointOf(surface, {...eight, ...changes})) - base;
  const [weights, activations] = [costOf({weightBits: 4}), costOf({activationBits: 4})];
  const more =
    activations > weights
      ? "Activations need more bits than weights"
      : "Weights need more bits than activations";
  return `${more}: with ${shortCount(parameters!)} parameters and ${shortCount(tokens!)} tokens, 4 bits instead of 8 cost ${costText(activations)} in activations and ${costText(weights)} in weights.`;
}
