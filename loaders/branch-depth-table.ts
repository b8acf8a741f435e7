import * as aq from "arquero";
import {createKernels} from "../src/kernels/kernels.js";
import {initialActivations} from "./initial-activations.js";

const layers = 48;
const sizes = {layers, width: 64, heads: 4, context: 64, batch: 4};

/** The layer that ends each branch; its product keeps the spread of its input, since weights have spread 1. */
const lastLayers = {attention: "attention output", "feed-forward": "mlp down"} as const;

/**
 * What the branches of an untrained model of 48 blocks bring to the stream under µnit scaling, by where the norms stand:
 * placement ("pre", "res-post"), branch ("attention", "feed-forward"), block from 1, and the spread of the input of the
 * branch's last product. With `res-post` a norm follows, which makes it 1.
 */
export async function branchDepthTable() {
  const kernels = await createKernels();
  const blocks = Array.from({length: layers}, (_, i) => i + 1);
  const rows = [];
  for (const placement of ["pre", "res-post"]) {
    const settings = {...sizes, scheme: "munit", normPlacement: placement, corpus: "markov"};
    for (const [branch, layer] of Object.entries(lastLayers)) {
      const names = blocks.map((block) => `block ${block} ${layer}`);
      const inputs = await initialActivations(kernels, settings, names);
      rows.push(...inputs.map((values, i) => ({placement, branch, block: i + 1, spread: spreadOf(values)})));
    }
  }
  return aq.from(rows);
}

const spreadOf = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
