import type {LayerNormShape} from "./layer-norm.js";

/** Root-mean-square normalization in double precision: y = gain·x̂, x̂ = x/σ, and 1/σ, for each row. */
export function rmsNormForward(
  x: ArrayLike<number>,
  gain: ArrayLike<number>,
  {rows, width}: LayerNormShape,
  epsilon: number,
): {y: Float64Array; normalized: Float64Array; inverseSpread: Float64Array} {
  const y = new Float64Array(rows * width);
  const normalized = new Float64Array(rows * width);
  const inverseSpread = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    let squares = 0;
    for (let j = 0; j < width; j++) squares += x[start + j] ** 2;
    inverseSpread[row] = 1 / Math.sqrt(squares / width + epsilon);
    for (let j = 0; j < width; j++) {
      normalized[start + j] = x[start + j] * inverseSpread[row];
      y[start + j] = gain[j] * normalized[start + j];
    }
  }
  return {y, normalized, inverseSpread};
}

/** Its gradients: with g = gain·dy, dx = (g − x̂·mean(g·x̂))/σ; dgain = Σ dy·x̂ over the rows. */
export function rmsNormBackward(
  normalized: ArrayLike<number>,
  inverseSpread: ArrayLike<number>,
  gain: ArrayLike<number>,
  yGradient: ArrayLike<number>,
  {rows, width}: LayerNormShape,
): {xGradient: Float64Array; gainGradient: Float64Array} {
  const xGradient = new Float64Array(rows * width);
  const gainGradient = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    let slope = 0;
    for (let j = 0; j < width; j++) {
      slope += (gain[j] * yGradient[start + j] * normalized[start + j]) / width;
      gainGradient[j] += yGradient[start + j] * normalized[start + j];
    }
    for (let j = 0; j < width; j++) {
      const g = gain[j] * yGradient[start + j];
      xGradient[start + j] = (g - normalized[start + j] * slope) * inverseSpread[row];
    }
  }
  return {xGradient, gainGradient};
}
