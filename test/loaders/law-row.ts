import type {LawRow} from "../../loaders/law-rows.js";

const none = Number.POSITIVE_INFINITY;
let runs = 0;

/** A made-up run that rounds nothing but what `changes` say. */
export function lawRow(changes: Partial<LawRow> = {}): LawRow {
  const row: LawRow = {
    ...{
      sweep: "made up",
      run: `run ${runs++}`,
      corpus: "made up",
      seed: 1,
      learningRate: 0.01,
      isTuned: true,
    },
    ...{floor: null, parameters: 1e4, tokens: 1e6, operands: "", method: "none", loss: 2, referenceLoss: 2},
    ...{weightBits: none, activationBits: none, cacheBits: none, gradientBits: none, exponentBits: none},
    ...{mantissaBits: none, blockSize: 1, postTrainingBits: none, noise: 0.01, riseNoise: 0.01},
  };
  return {...row, ...changes};
}
