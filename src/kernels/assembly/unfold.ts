// What a causal convolution sees at each position, laid out for matrix products, and the way back.
import {loadUpToFour, storeUpToFour} from "./vector-math";

/**
 * out[b, t, g, j, c] = x[b, t − (kernelSize − 1) + j, g·channels + c], zero before the sequence begins, for groups g
 * of `channels`. x is (batch, context, groups·channels), out (batch, context, groups, kernelSize, channels).
 */
export function unfold(
  x: usize, out: usize, batch: i32, context: i32, groups: i32, channels: i32, kernelSize: i32,
): void {
  const bytes = <usize>channels << 2, rowBytes = <usize>groups * bytes;
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let t = 0; t < context; t++) {
      const missing = max(0, kernelSize - 1 - t);
      for (let group = 0; group < groups; group++) {
        memory.fill(out, 0, <usize>missing * bytes);
        out += <usize>missing * bytes;
        let row = x + <usize>(t - (kernelSize - 1) + missing) * rowBytes + <usize>group * bytes;
        for (let j = missing; j < kernelSize; j++) {
          copy(row, out, channels);
          row += rowBytes;
          out += bytes;
        }
      }
    }
    x += <usize>context * rowBytes;
  }
}

@inline
function copy(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const lanes = min(4, count - i), o = <usize>i << 2;
    storeUpToFour(to + o, loadUpToFour(from + o, lanes), lanes);
  }
}

/** The adjoint: x[b, s, g·channels + c] = Σ_j unfolded[b, s + (kernelSize − 1) − j, g, j, c], j ascending. */
export function fold(
  unfolded: usize, x: usize, batch: i32, context: i32, groups: i32, channels: i32, kernelSize: i32,
): void {
  const bytes = <usize>channels << 2, groupBytes = <usize>kernelSize * bytes, rowBytes = <usize>groups * groupBytes;
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let s = 0; s < context; s++) {
      const first = max(0, s + kernelSize - context);
      const start = unfolded + <usize>(s + kernelSize - 1 - first) * rowBytes + <usize>first * bytes;
      for (let group = 0; group < groups; group++) {
        for (let c = 0; c < channels; c += 4) {
          const lanes = min(4, channels - c);
          let at = start + <usize>group * groupBytes + (<usize>c << 2), sum = f32x4.splat(0);
          for (let j = first; j < kernelSize; j++) {
            sum = f32x4.add(sum, loadUpToFour(at, lanes));
            at = at - rowBytes + bytes;
          }
          storeUpToFour(x + (<usize>c << 2), sum, lanes);
        }
        x += bytes;
      }
    }
    unfolded += <usize>context * rowBytes;
  }
}
