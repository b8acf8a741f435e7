import {loadPart, storePart} from "./vector-math";

/**
 * c = ((p · r) · s) · factor, or with accumulate c = (c + (p · r) · s) · factor: a scale r for each row and one s for each
 * column of an m×n matrix. p may be c.
 */
export function scaleProduct(
  p: usize, ldp: i32, rowScales: usize, columnScales: usize, c: usize, ldc: i32, m: i32, n: i32,
  factor: f32, accumulate: i32,
): void {
  const wholeBytes = <usize>(n & ~3) << 2, rest = n & 3, factors = f32x4.splat(factor);
  for (let i = 0; i < m; i++) {
    const r = v128.load32_splat(rowScales);
    for (let o: usize = 0; o < wholeBytes; o += 16) {
      let y = f32x4.mul(f32x4.mul(v128.load(p + o), r), v128.load(columnScales + o));
      if (accumulate) y = f32x4.add(v128.load(c + o), y);
      v128.store(c + o, f32x4.mul(y, factors));
    }
    if (rest) {
      let y = f32x4.mul(f32x4.mul(loadPart(p + wholeBytes, rest), r), loadPart(columnScales + wholeBytes, rest));
      if (accumulate) y = f32x4.add(loadPart(c + wholeBytes, rest), y);
      storePart(c + wholeBytes, f32x4.mul(y, factors), rest);
    }
    rowScales += 4;
    p += <usize>ldp << 2;
    c += <usize>ldc << 2;
  }
}
