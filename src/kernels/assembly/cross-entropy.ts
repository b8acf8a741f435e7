import {scale} from "./elementwise";
import {log} from "./scalar-math";
import {exponentials, largestOfRow} from "./softmax";

/** Rows whose sums are multiplied before one logarithm is taken: 32 sums below 2³¹ stay below 2⁹⁹². */
const rowsPerLogarithm: i32 = 32;

/**
 * Σ −log softmax(logits)[target] over the rows (rows × classes, targets as i32), in nats.
 * logitsGradient = gradientScale·(softmax(logits) − onehot(target)); it may be logits. With address 0 only the loss
 * is computed.
 */
export function crossEntropy(
  logits: usize, targets: usize, logitsGradient: usize, rows: i32, classes: i32, gradientScale: f32,
): f64 {
  const bytes = <usize>classes << 2;
  let loss: f64 = 0, product: f64 = 1;
  for (let row = 0; row < rows; row++) {
    const target = <usize>load<i32>(targets) << 2;
    const largest = largestOfRow(logits, classes);
    loss += <f64>largest - <f64>load<f32>(logits + target);
    const sum = exponentials(logits, logitsGradient, classes, 0, largest);
    product *= <f64>sum;
    if ((row + 1) % rowsPerLogarithm == 0) {
      loss += log(product);
      product = 1;
    }
    if (logitsGradient) {
      scale(logitsGradient, gradientScale / sum, logitsGradient, classes);
      store<f32>(logitsGradient + target, load<f32>(logitsGradient + target) - gradientScale);
      logitsGradient += bytes;
    }
    logits += bytes;
    targets += 4;
  }
  return loss + log(product);
}
