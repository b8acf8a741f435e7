import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/**
 * Copies of `count` equal parts of the columns of x, each with `partRows` rows of what it holds; for work on one part
 * alone. x must have no other consumer.
 */
export function split(
  builder: ProgramBuilder,
  x: Tensor,
  {count, partRows = x.rows}: {count: number; partRows?: number},
): Tensor[] {
  const {kernels} = builder;
  const {rows, columns} = x;
  const width = columns / count;
  const parts = Array.from({length: count}, () => builder.tensor(partRows, (rows * width) / partRows));

  builder.step(() => {
    for (const [i, part] of parts.entries()) {
      kernels.copyRows(x.data + 4 * i * width, columns, part.data, width, rows, width);
    }
  });

  builder.backward(() => {
    const gradient = builder.acquireGradient(x);
    const gradients = parts.map((part) => part.gradient);
    builder.step(() => {
      for (const [i, part] of gradients.entries()) {
        kernels.copyRows(part, width, gradient + 4 * i * width, columns, rows, width);
      }
    });
    for (const part of parts) builder.releaseGradient(part);
  });
  return parts;
}
