export interface LayerNormShape {
  readonly rows: number;
  readonly width: number;
}

/** Layer normalization in double precision: y = gain·x̂ + bias, x̂ = (x − mean)/σ, and 1/σ, for each row. */
export function layerNormForward(
  x: ArrayLike<number>,
  gain: ArrayLike<number>,
  bias: ArrayLike<number>,
  {rows, width}: LayerNormShape,
  epsilon: number,
): {y: Float64Array; normalized: Float64Array; inverseSpread: Float64Array} {
  const y = new Float64Array(rows * width);
  const normalized = new Float64Array(rows * width);
  const inverseSpread = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    const mean = meanOf(width, (j) => x[start + j]);
    const variance = meanOf(width, (j) => (x[start + j] - mean) ** 2);
    inverseSpread[row] = 1 / Math.sqrt(variance + epsilon);
    for (let j = 0; j < width; j++) {
      normalized[start + j] = (x[start + j] - mean) * inverseSpread[row];
      y[start + j] = gain[j] * normalized[start + j] + bias[j];
    }
  }
  return {y, normalized, inverseSpread};
}

/** Its gradients: with g = gain·dy, dx = (g − mean g − x̂·mean(g·x̂))/σ; dgain = Σ dy·x̂ and dbias = Σ dy over the rows. */
export function layerNormBackward(
  normalized: ArrayLike<number>,
  inverseSpread: ArrayLike<number>,
  gain: ArrayLike<number>,
  yGradient: ArrayLike<number>,
  {rows, width}: LayerNormShape,
): {xGradient: Float64Array; gainGradient: Float64Array; biasGradient: Float64Array} {
  const xGradient = new Float64Array(rows * width);
  const gainGradient = new Float64Array(width);
  const biasGradient = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    const mean = meanOf(width, (j) => gain[j] * yGradient[start + j]);
    const slope = meanOf(width, (j) => gain[j] * yGradient[start + j] * normalized[start + j]);
    for (let j = 0; j < width; j++) {
      const at = start + j;
      xGradient[at] = (gain[j] * yGradient[at] - mean - normalized[at] * slope) * inverseSpread[row];
      gainGradient[j] += yGradient[at] * normalized[at];
      biasGradient[j] += yGradient[at];
    }
  }
  return {xGradient, gainGradient, biasGradient};
}

function meanOf(count: number, value: (index: number) => number): number {
  let sum = 0;
  for (let j = 0; j < count; j++) sum += value(j);
  return sum / count;
}
