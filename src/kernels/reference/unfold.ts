export interface UnfoldShape {
  readonly batch: number;
  readonly context: number;
  readonly groups: number;
  readonly channels: number;
  readonly kernelSize: number;
}

/** Calls `visit` with the indices of corresponding elements of x and of what `unfold` makes of it, j ascending in each. */
function visitPairs(
  {batch, context, groups, channels, kernelSize}: UnfoldShape,
  visit: (x: number, unfolded: number) => void,
): void {
  for (let j = 0; j < kernelSize; j++) {
    for (let row = 0; row < batch * context; row++) {
      const back = kernelSize - 1 - j;
      if (row % context < back) continue;
      for (let group = 0; group < groups; group++) {
        for (let c = 0; c < channels; c++) {
          const channel = group * channels + c;
          const column = (group * kernelSize + j) * channels + c;
          visit((row - back) * groups * channels + channel, row * groups * kernelSize * channels + column);
        }
      }
    }
  }
}

/** out[b, t, g, j, c] = x[b, t − (kernelSize − 1) + j, g·channels + c], zero before the sequence begins. */
export function unfold(x: Float32Array, shape: UnfoldShape): Float32Array {
  const out = new Float32Array(x.length * shape.kernelSize);
  visitPairs(shape, (from, to) => {
    out[to] = x[from];
  });
  return out;
}

/** Its adjoint: each element of x is the sum of those that `unfold` copies it to, j ascending. */
export function fold(unfolded: Float32Array, shape: UnfoldShape): Float32Array {
  const x = new Float32Array(unfolded.length / shape.kernelSize);
  visitPairs(shape, (to, from) => {
    x[to] += unfolded[from];
  });
  return x;
}
