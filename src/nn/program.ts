import type {Address, Kernels} from "../kernels/kernels.js";
import type {Shape} from "../kernels/reference/blocks.js";
import type {CastUse, Direction} from "../precision/apply-cast.js";
import type {Cast} from "../precision/parse-cast.js";
import type {Remembered} from "../precision/remembered.js";
import type {Parameter, Tensor} from "./tensor.js";

/** Random streams of casts start here; corpora, initial weights and optimizers use others. */
const firstCastStream = 0x40000000;

/** One kernel call, or a few, with all addresses bound. */
export type Step = () => void;

/** Which tensor of a layer is looked at. */
export type ProbedTensor = "activation" | "weight" | "activation gradient" | "weight gradient";

/** Where a probe looks: `count` values at `address`, which are valid only while the probe runs. */
export interface ProbePoint {
  readonly layer: string;
  readonly tensor: ProbedTensor;
  readonly address: number;
  readonly count: number;
  /** Of a row-major matrix; undefined where it is not known for one. */
  readonly rows?: number;
  readonly columns?: number;
  /** Each cast that is made of the tensor; one that two products share stands here once, under the first of them. */
  readonly casts?: readonly ProbedCast[];
}

/** A cast of a probed tensor, which can be repeated at the probe point with the same outcome. */
export interface ProbedCast {
  readonly product: LinearProduct;
  readonly cast: Cast;
  readonly shape: Shape;
  readonly along: Direction;
  /** The random bits and the scale of the coming cast. */
  readonly use: () => CastUse;
}

/** The products of a linear layer: y = x W, ∂x = ∂y Wᵀ and ∂W = xᵀ ∂y. */
export type LinearProduct = "forward" | "input gradient" | "weight gradient";

/** The pass under way, as far as it matters to ops. Whoever runs the passes changes it between them. */
export interface Pass {
  /** Key of the random bits of casts. */
  seed: number;
  /** Number of the training step, from 0. */
  step: number;
  /** Whether it belongs to a training step: only then do casts remember what they have seen. */
  isTraining: boolean;
  /** Multiplies the gradient of the loss, and with it all others. */
  lossScale: number;
}

/** Before training: the first step, without a loss scale. */
export const firstPass = (): Pass => ({seed: 0, step: 0, isTraining: true, lossScale: 1});

/**
 * A model as flat lists of kernel calls over buffers that were allocated once.
 * `probed*` lists hold the same calls with probe points between them.
 */
export interface Program {
  readonly parameters: readonly Parameter[];
  readonly forward: readonly Step[];
  readonly backward: readonly Step[];
  readonly probedForward: readonly Step[];
  readonly probedBackward: readonly Step[];
  /** All that probes see, in order. */
  readonly probePoints: readonly ProbePoint[];
  /** What ops remember from step to step, in the order in which they were applied. */
  readonly remembered: readonly Remembered[];
}

/**
 * Collects a program while ops are applied. An op adds its forward steps at once and registers a function that adds its
 * backward steps; `finish` calls those in reverse order. Gradient buffers come from a pool, since each lives only from
 * its consumer's backward pass to its producer's.
 */
export interface ProgramBuilder {
  readonly kernels: Kernels;
  readonly pass: Readonly<Pass>;
  tensor(rows: number, columns: number): Tensor;
  /** A float32 buffer of its own for the life of the program; returns its address. */
  buffer(count: number): number;
  parameter(
    name: string,
    shape: readonly number[],
    initial: Parameter["initial"],
    learningRate: number,
  ): Parameter;
  /** A stream of random bits that no other cast of the program uses. */
  randomStream(): number;
  /** Makes known what an op remembers from step to step. */
  remember(part: Remembered): void;
  step(run: Step): void;
  probe(point: ProbePoint): void;
  /** Registers what adds the backward steps of the op just added. */
  backward(addSteps: () => void): void;
  /** Gives `tensor` a pooled gradient buffer, to be written by the consumer's backward steps. */
  acquireGradient(tensor: Tensor): number;
  /** Returns the gradient buffer to the pool, once the producer's backward steps have been added. */
  releaseGradient(tensor: Tensor): void;
  /** A pooled buffer for steps added between this call and `releaseScratch`. */
  acquireScratch(count: number): number;
  releaseScratch(address: number, count: number): void;
  finish(): Program;
}

/**
 * @param onProbe receives each probe point at the moment its values are in place
 * @param parameterCount number of trained values of the whole model; parameters lie side by side in the order of declaration
 * @param weights where the weights are; a buffer of the program's own by default
 * @param pass what the caller tells ops about the pass under way
 */
export function createProgramBuilder(
  kernels: Kernels,
  parameterCount: number,
  onProbe: (point: ProbePoint) => void,
  pass: Pass = firstPass(),
  weights: Address = kernels.allocate(parameterCount * 4),
): ProgramBuilder {
  type Entry = {run: Step; isProbe: boolean};
  const forward: Entry[] = [];
  const backward: Entry[] = [];
  const backwardAdders: (() => void)[] = [];
  const probePoints: ProbePoint[] = [];
  const parameters: Parameter[] = [];
  const remembered: Remembered[] = [];
  const pool = new Map<number, number[]>();
  const gradients = kernels.allocate(parameterCount * 4);
  let declared = 0;
  let streams = 0;
  let entries = forward;

  const buffer = (count: number) => kernels.allocate(count * 4);
  const acquireScratch = (count: number) => pool.get(count)?.pop() ?? buffer(count);
  const releaseScratch = (address: number, count: number) => {
    const free = pool.get(count);
    if (free) free.push(address);
    else pool.set(count, [address]);
  };
  const runs = (list: readonly Entry[], probed: boolean) =>
    list.filter((entry) => probed || !entry.isProbe).map((entry) => entry.run);

  return {
    kernels,
    pass,
    buffer,
    tensor: (rows, columns) => ({
      rows,
      columns,
      data: buffer(rows * columns),
      dataShared: false,
      gradient: 0,
      gradientShared: false,
    }),
    parameter(name, shape, initial, learningRate) {
      const size = shape.reduce((product, length) => product * length, 1);
      const offset = declared * 4;
      declared += size;
      if (declared > parameterCount) throw new Error(`more than the announced ${parameterCount} parameters`);
      const place = {data: weights + offset, gradient: gradients + offset};
      const parameter = {name, shape, size, ...place, initial, learningRate};
      parameters.push(parameter);
      return parameter;
    },
    randomStream: () => firstCastStream + streams++,
    remember(part) {
      remembered.push(part);
    },
    step(run) {
      entries.push({run, isProbe: false});
    },
    probe(point) {
      probePoints.push(point);
      entries.push({run: () => onProbe(point), isProbe: true});
    },
    backward(addSteps) {
      backwardAdders.push(addSteps);
    },
    acquireGradient(tensor) {
      tensor.gradient = acquireScratch(tensor.rows * tensor.columns);
      return tensor.gradient;
    },
    releaseGradient(tensor) {
      if (!tensor.gradientShared) releaseScratch(tensor.gradient, tensor.rows * tensor.columns);
    },
    acquireScratch,
    releaseScratch,
    finish() {
      if (declared !== parameterCount) {
        throw new Error(`${declared} parameters were declared, ${parameterCount} announced`);
      }
      entries = backward;
      for (const addSteps of backwardAdders.reverse()) addSteps();
      return {
        parameters,
        forward: runs(forward, false),
        backward: runs(backward, false),
        probedForward: runs(forward, true),
        probedBackward: runs(backward, true),
        probePoints,
        remembered,
      };
    },
  };
}

/** Runs the steps in order. */
export function execute(steps: readonly Step[]): void {
  for (const step of steps) step();
}
