/** Σ −log softmax(logits)[target] over the rows, and softmax(logits) − onehot(target), in double precision. */
export function crossEntropy(
  logits: ArrayLike<number>,
  targets: Int32Array,
  classes: number,
): {loss: number; gradient: Float64Array} {
  const gradient = new Float64Array(targets.length * classes);
  let loss = 0;
  targets.forEach((target, row) => {
    const values = Array.from({length: classes}, (_, j) => logits[row * classes + j]);
    const largest = Math.max(...values);
    const exponentials = values.map((value) => Math.exp(value - largest));
    const total = exponentials.reduce((sum, e) => sum + e, 0);
    loss += Math.log(total) + largest - values[target];
    exponentials.forEach((e, j) => {
      gradient[row * classes + j] = e / total - (j === target ? 1 : 0);
    });
  });
  return {loss, gradient};
}
