/** Huber's loss: r²/2 up to `delta`, growing with slope `delta` beyond (Huber 1964). */
export function huber(residual: number, delta: number): number {
  const size = Math.abs(residual);
  return size <= delta ? 0.5 * residual * residual : delta * (size - 0.5 * delta);
}

/** Its derivative. */
export const huberSlope = (residual: number, delta: number): number =>
  Math.max(-delta, Math.min(delta, residual));
