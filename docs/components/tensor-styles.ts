import type {ProbedTensor} from "../src/nn/program.js";

export interface TensorStyle {
  readonly tensor: ProbedTensor;
  readonly plural: string;
  /** The colour, as a key of the palette. */
  readonly direction: "forward" | "backward";
  /** The second cue: values that flow are filled circles on solid lines, parameters hollow diamonds on dashed ones. */
  readonly isParameter: boolean;
}

/** How the four probed tensors are drawn and named on every page. */
export const tensorStyles: readonly TensorStyle[] = [
  {tensor: "activation", plural: "activations", direction: "forward", isParameter: false},
  {tensor: "weight", plural: "weights", direction: "forward", isParameter: true},
  {tensor: "activation gradient", plural: "activation gradients", direction: "backward", isParameter: false},
  {tensor: "weight gradient", plural: "weight gradients", direction: "backward", isParameter: true},
];
