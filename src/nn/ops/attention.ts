import type {Address} from "../../kernels/kernels.js";
import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Multipliers of the logits q·kᵀ and of the output, each the same on the forward and the backward pass. */
export interface AttentionScale {
  readonly logits: number;
  readonly output: number;
}

/** The vectors of all heads side by side, (B·T, H·D), in the columns of a tensor from `column` on. */
export interface Operand {
  readonly tensor: Tensor;
  readonly column: number;
}

/** The operands of attention; their tensors have equally many elements for each token. */
export interface AttentionInput {
  readonly query: Operand;
  readonly key: Operand;
  readonly value: Operand;
  /**
   * (T, H·D): vectors for the distances from T − 1 down to 0. The product of a query with the vector of its distance from
   * a key is added to the product with the key.
   */
  readonly relative?: Tensor;
}

/** Rounds a matrix where it lies, (T, T), of one head of one sequence: the `head`-th of all B·H. */
export type RoundMatrix = (address: number, head: number) => void;

/** What is rounded on the way through attention; rounding what goes in is left to the caller. */
export interface AttentionRoundings {
  /** The weights, as the forward pass uses them and the backward pass finds them. The same at every call of a step. */
  readonly softmaxOutput?: RoundMatrix;
  /** The weights in the product with v and in the gradient of v. The same at every call of a step. */
  readonly probabilities?: RoundMatrix;
  /** The gradient of the output in those of v and of the weights: where it lies, (B·T·H, D). */
  readonly outputGradient?: (address: number) => void;
  /** The gradient of the logits in those of q and k. */
  readonly logitGradient?: RoundMatrix;
}

export interface AttentionOptions {
  readonly batch: number;
  readonly context: number;
  readonly heads: number;
  readonly headSize: number;
  readonly scale: AttentionScale;
  /** Weights are the square roots of probabilities (Narayan and others 2025, arXiv 2502.05967). */
  readonly squareRoot?: boolean;
  readonly roundings?: AttentionRoundings;
  /** Queries whose weights are held at a time; results do not depend on it. */
  readonly blockRows?: number;
}

/** The weights of some queries of one head of one sequence; addresses are in bytes from where tensors begin. */
interface Block {
  readonly sequence: number;
  /** Whether it is the first of its sequence. */
  readonly opensSequence: boolean;
  /** Of the head's first vector among the operands, of the output, and of the vectors for distances. */
  readonly vectors: number;
  readonly outputs: number;
  readonly distances: number;
  readonly statistics: number;
  /** Number of the head among those of all sequences. */
  readonly head: number;
  /** The first query, and how many. */
  readonly first: number;
  readonly rows: number;
  readonly isInLastSequence: number;
}

/**
 * Causal attention of all heads: out = output · softmax(logits · q kᵀ) v. Weights are only ever held in blocks of rows.
 *
 * @returns (B·T, H·D)
 */
export function attention(
  builder: ProgramBuilder,
  {query, key, value, relative}: AttentionInput,
  {batch, context, heads, headSize, scale, squareRoot = false, roundings = {}, blockRows}: AttentionOptions,
): Tensor {
  const {kernels} = builder;
  const tokens = batch * context;
  const width = heads * headSize;
  const stride = (query.tensor.rows * query.tensor.columns) / tokens;
  const out = builder.tensor(tokens, width);
  const statistics = builder.buffer(2 * heads * tokens);
  const {softmaxOutput, probabilities, outputGradient, logitGradient} = roundings;
  const comesWhole = softmaxOutput || probabilities || logitGradient;
  const rows = comesWhole ? context : Math.min(blockRows ?? fittingRows(context), context);
  const blocks = once(() => blocksOf({batch, heads, headSize, context, stride, rows}));
  const root = squareRoot ? 1 : 0;
  const pitch = comesWhole ? context : blockPitch(context);
  const blockSize = rows * pitch;
  const address = ({tensor, column}: Operand) => tensor.data + 4 * column;
  const [q, k, v, r] = [address(query), address(key), address(value), relative?.data ?? 0];

  const operands = [...new Set([query.tensor, key.tensor, value.tensor])].map(({data}) => data);
  /** Before the heads of a sequence, each of which takes a few columns of every row. */
  const readAhead = (block: Block, addresses: readonly Address[], columns: number) => {
    if (!block.opensSequence || !paysReadingAhead(context * columns, batch)) return;
    const offset = 4 * block.sequence * context * columns;
    for (const address of addresses) kernels.readAhead(address + offset, context * columns);
  };

  const p = builder.acquireScratch(blockSize);
  const shifted = relative ? builder.acquireScratch(blockSize) : 0;
  const weigh = (
    {vectors, distances, first, rows, head, statistics: offset}: Block,
    p: number,
    shifted: number,
  ) => {
    kernels.attentionProbabilities(
      ...([q + vectors, k + vectors, stride, r && r + distances, width, p, shifted, pitch] as const),
      ...([statistics + offset, first, rows, context, headSize, scale.logits, root] as const),
    );
    softmaxOutput?.(p, head);
  };
  builder.step(() => {
    for (const block of blocks()) {
      const {vectors, outputs, first, rows, head} = block;
      readAhead(block, operands, stride);
      weigh(block, p, shifted);
      probabilities?.(p, head);
      kernels.attentionOutput(
        ...([p, pitch, v + vectors, stride, out.data + outputs, width] as const),
        ...([first, rows, headSize, scale.output] as const),
      );
    }
  });
  builder.releaseScratch(p, blockSize);
  if (shifted) builder.releaseScratch(shifted, blockSize);

  builder.backward(() => {
    const dy = out.gradient;
    for (const tensor of new Set([query.tensor, key.tensor, value.tensor])) builder.acquireGradient(tensor);
    const gradient = ({tensor, column}: Operand) => tensor.gradient + 4 * column;
    const [dq, dk, dv] = [gradient(query), gradient(key), gradient(value)];
    const dr = relative ? builder.acquireGradient(relative) : 0;
    const p = builder.acquireScratch(blockSize);
    const ds = builder.acquireScratch(blockSize);
    const shifted = relative ? builder.acquireScratch(blockSize) : 0;
    builder.step(() => {
      outputGradient?.(dy);
      if (dr) kernels.fill(dr, 0, context * width);
      for (const block of blocks()) {
        const {vectors, outputs, distances, first, rows, head} = block;
        const input = [q + vectors, k + vectors] as const;
        const radii = r && r + distances;
        const size = [first, rows, context, headSize, scale.logits, scale.output] as const;
        readAhead(block, operands, stride);
        readAhead(block, [dy], width);
        if (softmaxOutput) weigh(block, p, shifted);
        kernels.attentionLogitGradients(
          ...([...input, v + vectors, stride, radii, dy + outputs, width] as const),
          ...([p, softmaxOutput ? 1 : 0, ds, shifted, pitch] as const),
          ...([statistics + block.statistics, ...size, root] as const),
        );
        probabilities?.(p, head);
        logitGradient?.(ds, head);
        kernels.attentionGradients(
          ...([p, ds, shifted, pitch, ...input, stride, radii, dy + outputs, width] as const),
          ...([dq + vectors, dk + vectors, dv + vectors, dr && dr + distances] as const),
          ...([...size, block.isInLastSequence] as const),
        );
      }
    });
    for (const scratch of shifted ? [p, ds, shifted] : [p, ds]) builder.releaseScratch(scratch, blockSize);
    builder.releaseGradient(out);
  });
  return out;
}

/** Weights that fit the second cache together with their gradients; long rows come in no fewer than 32. */
const fittingRows = (context: number): number => Math.max(32, Math.floor(16384 / context));

/**
 * Elements from one row of a block to the next: an odd number of cache lines, since rows that lie a power of two apart
 * would share few places of a cache.
 */
const blockPitch = (context: number): number => 16 * (Math.ceil(context / 16) | 1);

/** Whether a sequence fits the second cache, and all of them together do not. */
const paysReadingAhead = (elements: number, sequences: number): boolean =>
  elements <= 65536 && elements * sequences > 65536;

/** What `make` gives when it is first needed: a model that is only planned may have more blocks than fit. */
function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

/** All blocks in the order in which they go: sums for keys and distances depend on it. */
function blocksOf({
  batch,
  heads,
  headSize,
  context,
  stride,
  rows,
}: Record<"batch" | "heads" | "headSize" | "context" | "stride" | "rows", number>): Block[] {
  const blocks: Block[] = [];
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let head = 0; head < heads; head++) {
      for (let first = 0; first < context; first += rows) {
        const matrix = sequence * heads + head;
        blocks.push({
          sequence,
          opensSequence: head === 0 && first === 0,
          vectors: 4 * (sequence * context * stride + head * headSize),
          outputs: 4 * (sequence * context * heads * headSize + head * headSize),
          distances: 4 * head * headSize,
          statistics: 8 * (matrix * context + first),
          head: matrix,
          first,
          rows: Math.min(rows, context - first),
          isInLastSequence: sequence === batch - 1 ? 1 : 0,
        });
      }
    }
  }
  return blocks;
}
