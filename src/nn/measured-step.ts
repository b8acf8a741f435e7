import type {ProgramBuilder} from "./program.js";
import type {Magnitude} from "./tensor.js";

/** Adds a step that writes the values of a tensor and returns their largest magnitude, for casts of the tensor. */
export function measuredStep(builder: Pick<ProgramBuilder, "step">, run: () => number): Magnitude {
  const magnitude = {present: 0};
  builder.step(() => {
    magnitude.present = run();
  });
  return magnitude;
}
