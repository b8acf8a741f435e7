import {exponential} from "../src/schemes/logarithmic-interpolation.js";

// Exponentials are the project's own, since results must be the same on every machine.

/** Nodes of the trapezoidal rule over a normal variable, and over the logarithm of t; both converge exponentially. */
const normals = Array.from({length: 257}, (_, i) => (i - 128) / 16);
const logarithms = Array.from({length: 481}, (_, i) => -18 + i / 20);

/**
 * Variance of softmax attention over k independent values of variance 1 whose logits are independent unit normals: the
 * expectation of Σ sᵢ² for the probabilities sᵢ. With 1/S² = ∫ t e^(−tS) dt it is
 *
 *     k ∫ t E[e^(2x − t eˣ)] E[e^(−t eˣ)]^(k−1) dt .
 */
export function attentionVariances(positions: readonly number[]): number[] {
  const nodes = logarithms.map((u) => {
    const t = exponential(u);
    let moment = 0;
    let generating = 0;
    for (const x of normals) {
      const weight = exponential(-(x * x) / 2) / 16 / Math.sqrt(2 * Math.PI);
      const decay = exponential(-t * exponential(x));
      moment += weight * exponential(2 * x) * decay;
      generating += weight * decay;
    }
    return {t, moment, generating};
  });
  return positions.map((k) => {
    const integral = nodes.reduce(
      (sum, {t, moment, generating}) => sum + t * t * moment * wholePower(generating, k - 1),
      0,
    );
    return (k * integral) / 20;
  });
}

/** base^exponent for a whole exponent of at least 0, by squaring. */
function wholePower(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  const root = wholePower(base, Math.floor(exponent / 2));
  return exponent % 2 === 0 ? root * root : root * root * base;
}
