import * as aq from "arquero";
import {createKernels, type Kernels} from "../src/kernels/kernels.js";
import {attention} from "../src/nn/ops/attention.js";
import {createProgramBuilder, execute} from "../src/nn/program.js";
import {attentionVariances} from "./attention-variance.js";
import {initialActivations} from "./initial-activations.js";

const sizes = {heads: 8, width: 128, context: 256, batch: 16};
/** Independent values are cheap, and their spreads are to be compared with theory. */
const independentBatch = 64;
const softmaxes = ["plain", "square-root"] as const;

/** Positions, from 1, at equal ratios. */
export const positions = [...new Set(Array.from({length: 33}, (_, i) => Math.round(2 ** (i / 4))))];

/**
 * Spread of the output of causal attention by position: values ("theory", "independent", "text"), softmax ("plain",
 * "square-root"), position from 1, spread. Queries, keys and values are independent unit normals, or those of the first
 * block of a model under µnit scaling that reads text and has learned nothing yet.
 */
export async function attentionPositionTable() {
  const kernels = await createKernels();
  const variances = attentionVariances(positions);
  const rows = softmaxes.flatMap((softmax) => [
    ...positions.map((position, i) => ({
      ...{values: "theory", softmax, position},
      spread: softmax === "plain" ? Math.sqrt(variances[i]) : 1,
    })),
    ...spreadsByPosition(independent(kernels, softmax)).map((row) => ({
      values: "independent",
      softmax,
      ...row,
    })),
  ]);
  for (const softmax of softmaxes) {
    const settings = {...sizes, scheme: "munit", layers: 1, softmax, corpus: "markov"};
    const [values] = await initialActivations(kernels, settings, ["block 1 attention output"]);
    const spreads = spreadsByPosition(values);
    rows.push(...spreads.map((row) => ({values: "text", softmax, ...row})));
  }
  return aq.from(rows);
}

type Softmax = (typeof softmaxes)[number];

/** The output of attention over unit normals, (batch · context, width). */
function independent(kernels: Kernels, softmax: Softmax): Float32Array {
  const {heads, width, context} = sizes;
  const batch = independentBatch;
  const memory = kernels.mark();
  const builder = createProgramBuilder(kernels, 0, () => {});
  const qkv = builder.tensor(batch * context, 3 * width);
  const operand = (part: number) => ({tensor: qkv, column: part * width});
  const headSize = width / heads;
  const out = attention(
    builder,
    {query: operand(0), key: operand(1), value: operand(2)},
    {
      ...{batch, context, heads, headSize},
      scale: {logits: 1 / Math.sqrt(headSize), output: 1},
      squareRoot: softmax === "square-root",
    },
  );
  kernels.randomNormal(qkv.data, qkv.rows * qkv.columns, 0, 1, 1, 0, 0);
  execute(builder.finish().forward);
  const values = kernels.float32(out.data, out.rows * out.columns).slice();
  kernels.release(memory);
  return values;
}

function spreadsByPosition(values: Float32Array): {position: number; spread: number}[] {
  const {width, context} = sizes;
  const batch = values.length / (context * width);
  return positions.map((position) => {
    let squares = 0;
    for (let b = 0; b < batch; b++) {
      const row = (b * context + position - 1) * width;
      for (let i = row; i < row + width; i++) squares += values[i] ** 2;
    }
    return {position, spread: Math.sqrt(squares / (batch * width))};
  });
}
