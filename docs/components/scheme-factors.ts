import {feedForwardWidths} from "../src/nn/model-shape.js";
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
  return [
    linear("qkv", width, 3 * width),
    constant("attention", scheme.attention(shape).output),
    linear("attention output", width, width),
    linear("mlp up", width, up),
    {
      op: activationTitles[shape.activation],
      output: scheme.activation(shape.activation).output,
      inputGradient: scheme.activation(shape.activation).inputGradient,
      weightGradient: null,
    },
    linear("mlp down", hidden, width),
    constant("residual, skip", skip),
    constant("residual, branch", branch),
    linear("head", width, vocabulary),
    {op: "cross-entropy", output: 1, inputGradient: scheme.lossGradient(shape), weightGradient: null},
  ];
}
