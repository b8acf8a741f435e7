import * as aq from "arquero";
import {createKernels, type Kernels} from "../src/kernels/kernels.js";
import {initialActivations} from "./initial-activations.js";

export const depths = [1, 2, 4, 8, 16, 32, 48];
export const residualWeights = [0.02, 0.05, 0.1, 0.2, 0.4];

const sizes = {width: 64, heads: 4, context: 8, batch: 8};

/**
 * How much of the embedding is left at the end of the residual stream of an untrained model under µnit scaling: rule
 * ("fixed", "running-mean"), tau (null for the running mean), depth in blocks, theory and measured. Both are shares of
 * the variance: the squared cosine between the embedding and what the head reads.
 */
export async function residualDepthTable() {
  const kernels = await createKernels();
  const rows = [];
  for (const depth of depths) {
    for (const tau of residualWeights) {
      const measured = await embeddingShare(kernels, {layers: depth, residual: "fixed", residualWeight: tau});
      rows.push({rule: "fixed", tau, depth, theory: (1 - tau) ** (2 * depth), measured});
    }
    const measured = await embeddingShare(kernels, {layers: depth, residual: "running-mean"});
    rows.push({rule: "running-mean", tau: null, depth, theory: 1 / (2 * depth + 1), measured});
  }
  return aq.from(rows);
}

async function embeddingShare(kernels: Kernels, given: Readonly<Record<string, unknown>>): Promise<number> {
  const settings = {...sizes, ...given, scheme: "munit", corpus: "markov"};
  const [embedding, stream] = await initialActivations(kernels, settings, ["embedding", "head"]);
  return squaredCosine(embedding, stream);
}

function squaredCosine(a: Float32Array, b: Float32Array): number {
  let [inner, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    inner += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  return (inner * inner) / (left * right);
}
