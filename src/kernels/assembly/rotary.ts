// Rotary positions: pairs of neighbouring elements turned by an angle that grows with the position.

/**
 * (x₀, x₁) ← (x₀·cos − x₁·sin, x₁·cos + x₀·sin) for every pair of every row; products are rounded before they are added.
 * Row i is turned by row i mod `period` of the tables, `width` elements long like those of x, an even number. `cosines`
 * holds each cosine twice, `sines` each sine twice, negative the first time.
 */
export function rotatePairs(x: usize, rows: i32, period: i32, width: i32, cosines: usize, sines: usize): void {
  const whole = <usize>(width & ~3) << 2, bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++) {
    const table = <usize>(row % period) * bytes, c = cosines + table, s = sines + table;
    let o: usize = 0;
    while (o < whole) {
      const y = v128.load(x + o);
      const turned = f32x4.mul(i32x4.shuffle(y, y, 1, 0, 3, 2), v128.load(s + o));
      v128.store(x + o, f32x4.add(f32x4.mul(y, v128.load(c + o)), turned));
      o += 16;
    }
    if (o < bytes) {
      const x0 = load<f32>(x + o), x1 = load<f32>(x + o, 4);
      store<f32>(x + o, x0 * load<f32>(c + o) + x1 * load<f32>(s + o));
      store<f32>(x + o, x1 * load<f32>(c + o, 4) + x0 * load<f32>(s + o, 4), 4);
    }
    x += bytes;
  }
}
