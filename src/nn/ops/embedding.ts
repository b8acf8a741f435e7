import type {ProgramBuilder} from "../program.js";
import type {Parameter, Tensor} from "../tensor.js";

/** Weights of the sum of token and position embedding, and the multipliers of the two tables' gradients. */
export interface EmbeddingScale {
  readonly token: number;
  readonly position: number;
  readonly tokenGradient: number;
  readonly positionGradient: number;
}

/**
 * y[b, t] = token · E[tokens[b, t]] + position · P[t]          (B·T, width), or without P
 * ∂E[v] = tokenGradient · Σ ∂y over the occurrences of v,  ∂P[t] = positionGradient · Σ_b ∂y[b, t]
 *
 * With `addsToTable`, ∂E is added to what the table's gradient already holds.
 *
 * @param tokens address of B·T int32 token numbers
 */
export function embedding(
  builder: ProgramBuilder,
  tokens: number,
  {table, positions}: {table: Parameter; positions?: Parameter},
  {
    batch,
    context,
    layer,
    scale,
    addsToTable = false,
  }: {batch: number; context: number; layer: string; scale: EmbeddingScale; addsToTable?: boolean},
): Tensor {
  const {kernels} = builder;
  const [vocabulary, width] = table.shape;
  const y = builder.tensor(batch * context, width);
  const count = y.rows * width;

  builder.step(() =>
    kernels.embeddingForward(
      ...([
        tokens,
        table.data,
        positions?.data ?? 0,
        y.data,
        batch,
        context,
        width,
        scale.token,
        scale.position,
      ] as const),
    ),
  );
  builder.probe({layer, tensor: "activation", address: y.data, count});
  builder.probe({layer, tensor: "weight", address: table.data, count: table.size});

  builder.backward(() => {
    const {gradient} = y;
    builder.probe({layer, tensor: "activation gradient", address: gradient, count});
    const tableGradient = addsToTable ? builder.acquireScratch(table.size) : table.gradient;
    builder.step(() =>
      kernels.embeddingBackward(
        ...([tokens, gradient, tableGradient, positions?.gradient ?? 0] as const),
        ...([batch, context, width, vocabulary, scale.tokenGradient, scale.positionGradient] as const),
      ),
    );
    if (addsToTable) {
      const [sum, count] = [table.gradient, table.size];
      builder.step(() => kernels.scaledAdd(sum, 1, tableGradient, 1, sum, count));
      builder.releaseScratch(tableGradient, count);
    }
    builder.probe({layer, tensor: "weight gradient", address: table.gradient, count: table.size});
    builder.releaseGradient(y);
  });
  return y;
}
