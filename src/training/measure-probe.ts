import {castLimits} from "../formats/derived.js";
import {parseFormat} from "../formats/parse.js";
import type {Kernels} from "../kernels/kernels.js";
import type {ProbePoint} from "../nn/program.js";
import {histogramExponents, type Probe} from "./run-record.js";

/** The formats whose underflow and overflow every probe reports. */
export const probedFormats = ["e4m3fn", "e5m2", "fp16"] as const;

const bins = histogramExponents.max - histogramExponents.min + 1;
const statisticsBytes = 6 * 8;

/** What the kernels write about one tensor, before it is given a step and a depth. */
export type Measurement = Omit<Probe, "step" | "depth">;

/** @returns a function that measures what a probe point shows; its buffers are allocated once, here */
export function probeMeter(kernels: Kernels): (point: ProbePoint) => Measurement {
  const statistics = kernels.allocate(statisticsBytes);
  const counts = kernels.allocate(bins * 4);
  const outside = kernels.allocate(2 * 4);
  const limits = probedFormats.map((name) => ({name, ...castLimits(parseFormat(name))}));
  const words = (address: number, length: number) => new Uint32Array(kernels.memory.buffer, address, length);

  return ({layer, tensor, address, count}) => {
    kernels.statistics(address, count, statistics);
    const [sum, sumOfSquares, largest, zeros] = new Float64Array(kernels.memory.buffer, statistics, 4);
    kernels.exponentHistogram(address, count, counts, histogramExponents.min, bins);
    const histogram = Array.from(words(counts, bins), (n) => n / count);
    const underflow: Record<string, number> = {};
    const overflow: Record<string, number> = {};
    for (const {name, vanishing, overflowing} of limits) {
      kernels.countMagnitudes(address, count, vanishing, overflowing, outside);
      const [below, above] = words(outside, 2);
      underflow[name] = below / Math.max(1, count - zeros);
      overflow[name] = above / count;
    }
    return {
      ...{layer, tensor, elements: count, mean: sum / count, spread: Math.sqrt(sumOfSquares / count)},
      ...{largest, zeros: zeros / count, histogram, underflow, overflow},
    };
  };
}
