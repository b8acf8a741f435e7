import {feedForwardWidths, type SequenceLayer} from "../src/nn/model-shape.js";
import type {ActivationName} from "../src/nn/ops/activation.js";
import type {LinearRole} from "../src/nn/scheme.js";
import {schemeOf} from "../src/schemes/index.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {runShape} from "../src/training/run-shape.js";

/** The constants of one op: its output's, its input gradient's and its weight gradient's, null where it has none. */
export interface OpFactors {
  readonly op: string;
  readonly output: number;
  readonly inputGradient: number | null;
  readonly weightGradient: number | null;
}

const activationTitles = {gelu: "GELU", relu: "ReLU", silu: "SiLU", swiglu: "SwiGLU"} as const;

/** Every constant that the run's scheme puts into the graph, in the order of the forward pass. */
export function schemeFactors(settings: RunSettings, vocabulary: number): OpFactors[] {
  const scheme = schemeOf(settings);
  const shape = runShape(settings, vocabulary, scheme);
  const {width} = settings;
  const {up, hidden} = feedForwardWidths(shape);
  const linear = (role: LinearRole, fanIn: number, fanOut: number): OpFactors => {
    const {output, inputGradient, weightGradient} = scheme.linear(role, {fanIn, fanOut}, shape);
    return {op: `${role}, ${fanIn} → ${fanOut}`, output, inputGradient, weightGradient};
  };
  const constant = (op: string, factor: number): OpFactors => ({
    op,
    output: factor,
    inputGradient: factor,
    weightGradient: null,
  });
  const {skip, branch} = scheme.residual(shape, 1);
  const activation = (name: ActivationName): OpFactors => {
    const {output, inputGradient} = scheme.activation(name);
    return {op: activationTitles[name], output, inputGradient, weightGradient: null};
  };
  const seen = (shape.kernelSize * width) / shape.groups;
  const sequenceLayers: Record<SequenceLayer, () => OpFactors[]> = {
    attention: () => [
      linear("qkv", width, 3 * width),
      constant("attention", scheme.attention(shape).output),
      linear("attention output", width, width),
    ],
    convolution: () => [
      linear("convolution", seen, seen),
      activation(shape.activation === "swiglu" ? "silu" : shape.activation),
    ],
    recurrent: () => [
      linear("recurrent input", 2 * width, 2 * width),
      linear("recurrent state", 2 * width, 2 * width),
      constant("recurrent", scheme.recurrent(shape).output),
    ],
  };
  return [
    ...sequenceLayers[shape.sequenceLayer](),
    linear("mlp up", width, up),
    activation(shape.activation),
    linear("mlp down", hidden, width),
    constant("residual, skip", skip),
    constant("residual, branch", branch),
    linear("head", width, vocabulary),
    {op: "cross-entropy", output: 1, inputGradient: scheme.lossGradient(shape), weightGradient: null},
  ];
}
