export const normalDensity = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** ∫ f(z) φ(z) dz by the trapezoidal rule, which converges exponentially for such integrands. */
export function gaussianMean(f: (z: number) => number): number {
  const step = 2 ** -5;
  let sum = 0;
  for (let z = -12; z <= 12; z += step) sum += f(z) * normalDensity(z) * step;
  return sum;
}

/** Φ(z) as the integral of its density from 0. */
export function normalDistribution(z: number): number {
  const n = 400;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += normalDensity((z * (i + 0.5)) / n);
  return 0.5 + (sum * z) / n;
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Activation functions and their derivatives. */
export const functions = {
  gelu: [
    (z: number) => z * normalDistribution(z),
    (z: number) => normalDistribution(z) + z * normalDensity(z),
  ],
  silu: [(z: number) => z * sigmoid(z), (z: number) => sigmoid(z) * (1 + z * sigmoid(-z))],
  relu: [(z: number) => Math.max(0, z), (z: number) => (z > 0 ? 1 : 0)],
} as const;
