import * as aq from "arquero";
import {parseFormat} from "../src/formats/parse.js";
import {createKernels} from "../src/kernels/kernels.js";
import {type StochasticForm, sumRuns} from "../src/precision/running-sum.js";

const forms: readonly StochasticForm[] = ["a", "b", "c"];
const randomBits = [1, 2, 4, 8, 32];

/**
 * Where stochastic sums end when they get few random bits: ten thousand random numbers between 0 and 1, added in bf16.
 * One row for each form, number of bits and run: form, bits, run, end, and exact, the true sum.
 */
export async function randomBitsTable() {
  const kernels = await createKernels();
  const format = parseFormat("bf16");
  const rows = forms.flatMap((form) =>
    randomBits.flatMap((bits) => {
      const settings = {format, add: "random", count: 10_000, form, bits, seed: 1} as const;
      const {exact, stochastic} = sumRuns(kernels, settings);
      return stochastic.map((sums, i) => ({form, bits, run: i + 1, end: sums.at(-1)!, exact: exact.at(-1)!}));
    }),
  );
  return aq.from(rows);
}
