// Simple elementwise kernels, two vectors at a time. Outputs may be one of the inputs.

/** out = a·b. */
export function multiply(a: usize, b: usize, out: usize, count: i32): void {
  const whole = <usize>(count & ~7) << 2, end = <usize>count << 2;
  let o: usize = 0;
  while (o < whole) {
    v128.store(out + o, f32x4.mul(v128.load(a + o), v128.load(b + o)));
    v128.store(out + o, f32x4.mul(v128.load(a + o, 16), v128.load(b + o, 16)), 16);
    o += 32;
  }
  while (o < end) {
    store<f32>(out + o, load<f32>(a + o) * load<f32>(b + o));
    o += 4;
  }
}

/** out = alpha·a + beta·b; the products are rounded before they are added. */
export function scaledAdd(a: usize, alpha: f32, b: usize, beta: f32, out: usize, count: i32): void {
  const whole = <usize>(count & ~7) << 2, end = <usize>count << 2;
  const alphas = f32x4.splat(alpha), betas = f32x4.splat(beta);
  let o: usize = 0;
  while (o < whole) {
    const a0 = f32x4.mul(alphas, v128.load(a + o)), a1 = f32x4.mul(alphas, v128.load(a + o, 16));
    const b0 = f32x4.mul(betas, v128.load(b + o)), b1 = f32x4.mul(betas, v128.load(b + o, 16));
    v128.store(out + o, f32x4.add(a0, b0));
    v128.store(out + o, f32x4.add(a1, b1), 16);
    o += 32;
  }
  while (o < end) {
    store<f32>(out + o, alpha * load<f32>(a + o) + beta * load<f32>(b + o));
    o += 4;
  }
}

/** out = alpha·x. */
export function scale(x: usize, alpha: f32, out: usize, count: i32): void {
  const whole = <usize>(count & ~7) << 2, end = <usize>count << 2;
  const alphas = f32x4.splat(alpha);
  let o: usize = 0;
  while (o < whole) {
    v128.store(out + o, f32x4.mul(alphas, v128.load(x + o)));
    v128.store(out + o, f32x4.mul(alphas, v128.load(x + o, 16)), 16);
    o += 32;
  }
  while (o < end) {
    store<f32>(out + o, alpha * load<f32>(x + o));
    o += 4;
  }
}

/** Every element becomes `value`. */
export function fill(out: usize, value: f32, count: i32): void {
  const whole = out + (<usize>(count & ~7) << 2), end = out + (<usize>count << 2);
  const values = f32x4.splat(value);
  while (out < whole) {
    v128.store(out, values);
    v128.store(out, values, 16);
    out += 32;
  }
  while (out < end) {
    store<f32>(out, value);
    out += 4;
  }
}

/** Copies a matrix; strides are in elements from one row to the next. */
export function copyRows(from: usize, fromStride: i32, to: usize, toStride: i32, rows: i32, columns: i32): void {
  const whole = <usize>(columns & ~3) << 2, end = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    let o: usize = 0;
    while (o < whole) {
      v128.store(to + o, v128.load(from + o));
      o += 16;
    }
    while (o < end) {
      store<f32>(to + o, load<f32>(from + o));
      o += 4;
    }
    from += <usize>fromStride << 2;
    to += <usize>toStride << 2;
  }
}
