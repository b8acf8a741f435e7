import * as aq from "arquero";
import type {Probe, RunRecord} from "../src/training/run-record.js";
import {probedRuns} from "./probed-runs.js";

/**
 * What the probed runs looked at: one row for each tensor of each run, with scheme, recipe, depth, layer and tensor, and
 * lists with one entry for each look, the first before training: spread, and of the recipe's cast underflow, overflow and
 * signal, the ratio of signal to quantization noise in decibels. Of several casts the worst counts. The signal of weight
 * gradients is that of the gradient to what the recipe's casts add to it. NaN stands where nothing is cast, or nothing
 * is left to lose.
 */
export function recipeHealthTable(records: readonly RunRecord[]) {
  const rows = probedRuns(records).flatMap(({settings: {scheme, recipe}, probes}) =>
    byTensor(probes).map((looks) => {
      const [{depth, layer, tensor}] = looks;
      const list = (measure: (probe: Probe) => number) => Float32Array.from(looks, measure);
      return {
        ...{scheme, recipe, depth, layer, tensor},
        spread: list(({spread}) => spread),
        underflow: list(({casts, spread}) =>
          spread === 0 ? Number.NaN : worst(casts.map(({underflow}) => underflow)),
        ),
        overflow: list(({casts}) => worst(casts.map(({overflow}) => overflow))),
        signal: list(signal),
      };
    }),
  );
  return aq.from(rows).orderby("scheme", "recipe", "depth", "tensor");
}

const worst = (shares: readonly number[]): number => (shares.length === 0 ? Number.NaN : Math.max(...shares));

function signal({casts, gradientToNoise}: Probe): number {
  if (gradientToNoise !== null) return 20 * Math.log10(gradientToNoise);
  if (casts.length === 0) return Number.NaN;
  return 10 * Math.log10(Math.min(...casts.map(({signalToNoise}) => signalToNoise)));
}

/** The looks at each tensor, in the order of steps. */
function byTensor(probes: readonly Probe[]): Probe[][] {
  const tensors = new Map<string, Probe[]>();
  for (const probe of probes) {
    const name = `${probe.layer}/${probe.tensor}`;
    tensors.set(name, [...(tensors.get(name) ?? []), probe]);
  }
  return [...tensors.values()];
}
