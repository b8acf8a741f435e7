/** C (m×n) = A (m×k) · B (k×n). */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Floating-point operations of one product, in units of 10⁹. */
export const gigaflop = ({m, n, k}: Product): number => (2 * m * n * k) / 1e9;

/** Values between -1 and 1 that are no special case of anything. */
export const testMatrix = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({length}, (_, i) => ((i * 7919) % 2003) / 1001 - 1);
