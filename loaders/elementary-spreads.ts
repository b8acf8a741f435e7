import type {Kernels} from "../src/kernels/kernels.js";
import type {Spreads} from "./op-spreads.js";

/**
 * The ops of the compendium that the engine has only inside of others (table A.2 of arXiv 2303.11257), on their own: for
 * a row x and a gradient g from above, the output and the gradient of x.
 */
interface ElementaryOp {
  readonly op: string;
  run(
    x: Float64Array,
    g: Float64Array,
    exp: (x: number) => number,
  ): {y: Float64Array; gradient: Float64Array};
  /** Ideal factors for a row of length m. */
  factors(m: number): {readonly output: number; readonly inputGradient: number};
}

const elementwise = (
  x: Float64Array,
  g: Float64Array,
  f: (x: number) => {value: number; derivative: number},
) => {
  const results = Array.from(x, f);
  return {
    y: Float64Array.from(results, ({value}) => value),
    gradient: Float64Array.from(results, ({derivative}, i) => derivative * g[i]),
  };
};

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

export const elementaryOps: readonly ElementaryOp[] = [
  {
    op: "tanh",
    run: (x, g, exp) =>
      elementwise(x, g, (z) => {
        const value = 1 - 2 / (exp(2 * z) + 1);
        return {value, derivative: 1 - value * value};
      }),
    factors: () => ({output: 1.59254, inputGradient: 1.46741}), // by quadrature
  },
  {
    op: "sigmoid",
    run: (x, g, exp) =>
      elementwise(x, g, (z) => {
        const value = 1 / (1 + exp(-z));
        return {value, derivative: value * (1 - value)};
      }),
    factors: () => ({output: 4.80131, inputGradient: 4.72265}), // by quadrature
  },
  {
    op: "softmax over m",
    run(x, g, exp) {
      const powers = x.map(exp);
      const total = sum(powers);
      const y = powers.map((power) => power / total);
      const mean = sum(y.map((share, i) => share * g[i]));
      return {y, gradient: y.map((share, i) => share * (g[i] - mean))};
    },
    factors: (m) => ({output: m, inputGradient: m}), // as if all were equally likely
  },
  {
    op: "sum over m",
    run: (x, g) => ({y: Float64Array.of(sum(x)), gradient: x.map(() => g[0])}),
    factors: (m) => ({output: 1 / Math.sqrt(m), inputGradient: 1}),
  },
];

/** The spreads of an op over `rows` rows of length m, without its factors. */
export function measureElementary(kernels: Kernels, {run}: ElementaryOp, rows: number, m: number): Spreads {
  const memory = kernels.mark();
  const draw = (stream: number) => {
    const address = kernels.allocate(rows * m * 4);
    kernels.randomNormal(address, rows * m, 0, 1, 1, stream, 0);
    return Float64Array.from(kernels.float32(address, rows * m));
  };
  const [x, g] = [draw(1), draw(2)];
  kernels.release(memory);
  const results = Array.from({length: rows}, (_, row) => {
    const part = [row * m, (row + 1) * m] as const;
    return run(x.subarray(...part), g.subarray(...part), kernels.exp);
  });
  return {
    output: deviation(results.map(({y}) => y)),
    inputGradient: deviation(results.map(({gradient}) => gradient)),
  };
}

function deviation(parts: readonly Float64Array[]): number {
  const count = parts.reduce((total, {length}) => total + length, 0);
  const mean = parts.reduce((total, part) => total + sum(part), 0) / count;
  const squares = parts.reduce((total, part) => total + sum(part.map((value) => (value - mean) ** 2)), 0);
  return Math.sqrt(squares / count);
}
