import {createKernels} from "../src/kernels/kernels.js";
import type {AttentionShape} from "../src/kernels/reference/attention.js";
import {attention} from "../src/nn/ops/attention.js";
import {createProgramBuilder, execute} from "../src/nn/program.js";
import {type Candidate, repeated} from "./measure.js";

export type {AttentionShape};

/**
 * 10⁹ floating-point operations of the products of causal attention and its gradients, seven of them, over the pairs of
 * queries and keys that see each other.
 */
export const attentionGigaflop = ({batch, heads, context, headSize}: AttentionShape): number =>
  (7 * batch * heads * context * (context + 1) * headSize) / 1e9;

/** Our causal attention and its gradients. */
export async function attentionStep(shape: AttentionShape): Promise<Candidate> {
  const {batch, heads, context, headSize} = shape;
  const kernels = await createKernels();
  const width = heads * headSize;
  const builder = createProgramBuilder(kernels, 0, () => {});
  const tensor = builder.tensor(batch * context, 3 * width);
  const [query, key, value] = [0, 1, 2].map((i) => ({tensor, column: i * width}));
  const scale = {logits: 1 / Math.sqrt(headSize), output: 1};
  const out = attention(builder, {query, key, value}, {...shape, scale});
  builder.acquireGradient(out);
  kernels.randomNormal(tensor.data, tensor.rows * tensor.columns, 0, 1, 1, 1, 0);
  kernels.randomNormal(out.gradient, out.rows * out.columns, 0, 1, 1, 2, 0);
  const {forward, backward} = builder.finish();
  return repeated("attention", "GFLOP/s", attentionGigaflop(shape), () => {
    execute(forward);
    execute(backward);
  });
}
