export type VariableName =
  | "parameters"
  | "tokens"
  | "weightBits"
  | "activationBits"
  | "cacheBits"
  | "gradientBits"
  | "exponentBits"
  | "mantissaBits"
  | "blockSize"
  | "postTrainingBits"
  | "loss";

/** What a law takes or gives: a column of a table of runs, an axis of a surface. */
export interface Variable {
  readonly name: VariableName;
  readonly symbol: string;
  readonly title: string;
  /** How axes and sliders run. */
  readonly scale: "log" | "linear";
  /** Only whole numbers occur in practice; laws take any. */
  readonly integer?: boolean;
  /** The value that stands for "not rounded", which a point without this variable has. */
  readonly without?: number;
  /** Range of controls and axes; laws take more. */
  readonly range: readonly [number, number];
}

/** Values of variables, by name. Bits that are not rounded are Infinity or absent. */
export type Point = Readonly<Partial<Record<VariableName, number>>>;

const bits = (name: VariableName, symbol: string, title: string): Variable => ({
  name,
  symbol,
  title,
  scale: "linear",
  integer: true,
  without: Number.POSITIVE_INFINITY,
  range: [2, 16],
});

export const variables: Readonly<Record<VariableName, Variable>> = {
  parameters: {name: "parameters", symbol: "N", title: "Parameters", scale: "log", range: [1e3, 1e12]},
  tokens: {name: "tokens", symbol: "D", title: "Training tokens", scale: "log", range: [1e5, 1e15]},
  weightBits: bits("weightBits", "P_w", "Bits of weights"),
  activationBits: bits("activationBits", "P_a", "Bits of activations"),
  cacheBits: bits("cacheBits", "P_kv", "Bits of keys and values"),
  gradientBits: bits("gradientBits", "P_g", "Bits of gradients"),
  exponentBits: {...bits("exponentBits", "E", "Exponent bits"), range: [0, 8]},
  mantissaBits: {...bits("mantissaBits", "M", "Mantissa bits"), range: [0, 10]},
  blockSize: {
    name: "blockSize",
    symbol: "B",
    title: "Elements that share a scale",
    scale: "log",
    without: 1,
    range: [1, 2 ** 14],
  },
  postTrainingBits: bits("postTrainingBits", "P_post", "Bits of weights after training"),
  loss: {name: "loss", symbol: "L", title: "Loss (nats per token)", scale: "linear", range: [1, 5]},
};

export const variableNames = Object.keys(variables) as readonly VariableName[];
