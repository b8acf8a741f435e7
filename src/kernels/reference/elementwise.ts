const {fround} = Math;

/** out = a·b. */
export function multiply(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
}

/** out = alpha·a + beta·b, each product rounded before they are added. */
export function scaledAdd(
  a: Float32Array,
  alpha: number,
  b: Float32Array,
  beta: number,
  out: Float32Array,
): void {
  for (let i = 0; i < out.length; i++) {
    out[i] = fround(fround(alpha) * a[i]) + fround(fround(beta) * b[i]);
  }
}

/** out = alpha·x. */
export function scale(x: Float32Array, alpha: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = fround(alpha) * x[i];
}
