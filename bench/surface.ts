import {evaluateGrid} from "../src/laws/grid.js";
import {lawOf} from "../src/laws/index.js";
import {constantsOf} from "../src/laws/law.js";
import type {VariableName} from "../src/laws/variables.js";
import {type Candidate, repeated} from "./measure.js";

const size = 200;

/** Losses of 200 × 200 points, as a page computes them for each frame of a drag. */
export function surface(lawName: string, x: VariableName, y: VariableName): Candidate {
  const law = lawOf(lawName);
  const constants = constantsOf(law, law.published[0].values);
  const pointsOf = (name: VariableName) =>
    Array.from({length: size}, (_, i) => ({[name]: 4 + (12 * i) / size}));
  const [across, up] = [x, y].map(pointsOf);
  const rest = {parameters: 1e8, tokens: 1e10, blockSize: 128};
  const losses = new Float64Array(size * size);
  return repeated(lawName, "surfaces/s", 1, () => {
    evaluateGrid(law, constants, {across, up, rest}, losses);
  });
}
