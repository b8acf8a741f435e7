import {accumulateIntegers} from "../src/kernels/reference/accumulate.js";
import {randomBits} from "../src/kernels/reference/random.js";

/** The running sums after one more product, in registers that wrap or saturate. */
export interface RegisterRow {
  /** Products added so far. */
  readonly k: number;
  readonly a: number;
  readonly b: number;
  readonly exact: number;
  readonly wrap: number;
  readonly saturate: number;
}

export const registerWidths = ["14", "15", "16", "17", "18"];

const count = 64;
const seed = 1;

/**
 * Int8 factors whose sum first climbs and then comes back, as when large weights stand together: activations from 0 to
 * 127, weights from −32 to 95 in the first half and from −95 to 32 in the second.
 */
const factors = Array.from({length: count}, (_, i) => {
  const draw = (stream: number) => randomBits({seed, stream, step: 0}, i) % 128;
  return {a: draw(0), b: draw(1) - (i < count / 2 ? 32 : 95)};
});

/** The sums of the example in registers of `bits`. */
export function registerSums(bits: number): RegisterRow[] {
  let last = {exact: 0, wrap: 0, saturate: 0};
  return factors.map(({a, b}, i) => {
    const next = (sum: number, overflow: "wrap" | "saturate") =>
      accumulateIntegers([a], [b], sum, {bits, overflow, fractionBits: 0});
    last = {
      exact: last.exact + a * b,
      wrap: next(last.wrap, "wrap"),
      saturate: next(last.saturate, "saturate"),
    };
    return {k: i + 1, a, b, ...last};
  });
}
