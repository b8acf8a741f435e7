/**
 * How the factor of an output and that of its input gradient are made equal where the cut-edge rule asks for it (Blake,
 * Orr & Luschi 2023, arXiv 2303.11257, section 4): their geometric mean as in that paper, their harmonic or arithmetic
 * mean, or one of the two for both. `none` leaves them apart, and gradients are then not the true ones.
 */
export type Constraint =
  | "geometric-mean"
  | "harmonic-mean"
  | "arithmetic-mean"
  | "to-output"
  | "to-input-gradient"
  | "none";

/** Factors of an op on its output and on the gradient of its input. */
export interface OutputAndInputGradient {
  readonly output: number;
  readonly inputGradient: number;
}

const rules: Readonly<Record<Constraint, (output: number, inputGradient: number) => number | undefined>> = {
  "geometric-mean": (output, inputGradient) => 1 / Math.sqrt(Math.sqrt(output * inputGradient)),
  "harmonic-mean": (output, inputGradient) => 2 / (Math.sqrt(output) + Math.sqrt(inputGradient)),
  "arithmetic-mean": (output, inputGradient) => (1 / Math.sqrt(output) + 1 / Math.sqrt(inputGradient)) / 2,
  "to-output": (output) => 1 / Math.sqrt(output),
  "to-input-gradient": (_, inputGradient) => 1 / Math.sqrt(inputGradient),
  none: () => undefined,
};

export const constraints = Object.keys(rules) as readonly Constraint[];

/**
 * The factors of an op whose output has the variance `output` when its inputs have variance 1, and whose input gradient
 * has the variance `inputGradient` when the gradient from above has. Each alone would have the factor variance^(−1/2).
 */
export function constrain(
  constraint: Constraint,
  {output, inputGradient}: OutputAndInputGradient,
): OutputAndInputGradient {
  const shared = rules[constraint](output, inputGradient);
  if (shared !== undefined) return {output: shared, inputGradient: shared};
  return {output: 1 / Math.sqrt(output), inputGradient: 1 / Math.sqrt(inputGradient)};
}
