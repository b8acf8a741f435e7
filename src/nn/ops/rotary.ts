import type {Kernels} from "../../kernels/kernels.js";
import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Where the tables of cosines and sines of `rotary` lie. */
export interface RotaryTables {
  readonly cosines: number;
  readonly sines: number;
  /** The same angles backwards. */
  readonly negativeSines: number;
  readonly context: number;
  readonly width: number;
}

/**
 * Turns pairs of neighbouring elements of every head's vector by position · 10000^(−2i/D), i being the number of the pair
 * (Su and others 2021, arXiv 2104.09864, equation 34), in place. x is (B·T, H·D) and must have no other consumer.
 */
export function rotary(builder: ProgramBuilder, x: Tensor, tables: RotaryTables): Tensor {
  const {kernels} = builder;
  const {cosines, sines, negativeSines, context, width} = tables;
  const rows = (x.rows * x.columns) / width;
  builder.step(() => kernels.rotatePairs(x.data, rows, context, width, cosines, sines));
  builder.backward(() => {
    const {gradient} = x;
    builder.step(() => kernels.rotatePairs(gradient, rows, context, width, cosines, negativeSines));
  });
  return x;
}

/** Tables for vectors of `heads` heads side by side, written once. */
export function rotaryTables(
  builder: ProgramBuilder,
  {context, heads, headSize}: {context: number; heads: number; headSize: number},
): RotaryTables {
  const {kernels} = builder;
  const width = heads * headSize;
  const [cosines, sines, negativeSines] = [1, 2, 3].map(() => builder.buffer(context * width));
  const write = (address: number, element: (angle: number, isFirst: boolean) => number) => {
    const table = kernels.float32(address, context * width);
    for (let i = 0; i < table.length; i++) {
      const dimension = i % headSize;
      const angle = Math.floor(i / width) * frequency(kernels, Math.floor(dimension / 2), headSize);
      table[i] = element(angle, dimension % 2 === 0);
    }
  };
  write(cosines, (angle) => kernels.cos(angle));
  write(sines, (angle, isFirst) => (isFirst ? -kernels.sin(angle) : kernels.sin(angle)));
  write(negativeSines, (angle, isFirst) => (isFirst ? kernels.sin(angle) : -kernels.sin(angle)));
  return {cosines, sines, negativeSines, context, width};
}

/** 10000^(−2·pair/headSize). */
const frequency = ({exp, log}: Kernels, pair: number, headSize: number): number =>
  exp((-2 * pair * log(10000)) / headSize);
