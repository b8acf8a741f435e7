import type {Fans, Layers} from "./layers.js";
import type {ModelShape} from "./model-shape.js";
import {convolution} from "./ops/convolution.js";
import {linear} from "./ops/linear.js";
import {recurrent} from "./ops/recurrent.js";
import type {ProgramBuilder} from "./program.js";
import {selfAttention} from "./self-attention.js";
import type {Tensor} from "./tensor.js";

/** A sequence layer of the shape's kind, (B·T, width) → (B·T, width), for a block of a given name. */
export type SequenceLayer = (block: string, x: Tensor) => Tensor;

export function sequenceLayer(builder: ProgramBuilder, shape: ModelShape, layers: Layers): SequenceLayer {
  const kinds = {attention: attentionLayer, convolution: convolutionLayer, recurrent: recurrentLayer};
  return kinds[shape.sequenceLayer](builder, shape, layers);
}

function attentionLayer(builder: ProgramBuilder, shape: ModelShape, layers: Layers): SequenceLayer {
  const {width} = shape;
  const attend = selfAttention(builder, shape, layers);
  return (block, x) => {
    const mixed = attend(block, layers.project("qkv", `${block} qkv`, x, 3 * width));
    return layers.project("attention output", `${block} attention output`, mixed, width);
  };
}

/** A convolution and an activation, as in the runs of unit scaling (Blake and others 2023, arXiv 2303.11257). */
function convolutionLayer(builder: ProgramBuilder, shape: ModelShape, layers: Layers): SequenceLayer {
  const {width, batch, kernelSize, groups, activation} = shape;
  const seen = (kernelSize * width) / groups;
  return (block, x) => {
    const layer = `${block} convolution`;
    const {weight, options} = layers.weight("convolution", layer, [seen, width], [seen, seen]);
    const mixed = convolution(builder, x, weight, {...options, batch, kernelSize, groups});
    return layers.activate(mixed, activation === "swiglu" ? "silu" : activation);
  };
}

/** A recurrent highway cell, as in the runs of unit scaling; its two weights are one of [input and state, gates]. */
function recurrentLayer(builder: ProgramBuilder, shape: ModelShape, layers: Layers): SequenceLayer {
  const {width, batch} = shape;
  const [size, fans]: Fans[] = [
    [width, 2 * width],
    [2 * width, 2 * width],
  ];
  return (block, x) => {
    const input = layers.weight("recurrent input", `${block} recurrent input`, size, fans);
    const z = linear(builder, x, input.weight, input.options);
    const state = layers.weight("recurrent state", `${block} recurrent state`, size, fans);
    const parameters = {
      state: state.weight,
      bias: layers.vector(`${block} recurrent bias`, 2 * width, 0),
      initialState: layers.vector(`${block} initial state`, width, 0),
    };
    const {layer, recipe, scale: stateScale} = state.options;
    const scale = layers.scheme.recurrent(shape);
    return recurrent(builder, z, parameters, {batch, layer, scale, stateScale, recipe});
  };
}
