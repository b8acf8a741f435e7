import {aboutSetting, usageError} from "../errors.js";
import type {Address} from "../kernels/kernels.js";
import type {Shape} from "../kernels/reference/blocks.js";
import {hadamardSize} from "../kernels/reference/hadamard.js";
import {applyCast, type CastUse, type Direction} from "../precision/apply-cast.js";
import {createDelayedScale} from "../precision/delayed-scaling.js";
import {type Cast, isRandom, leavesAsIs} from "../precision/parse-cast.js";
import type {ProgramBuilder} from "./program.js";
import type {Tensor} from "./tensor.js";

/** What is wanted of a cast besides values, and what is known of its input. */
export type CastHow = Pick<CastUse, "stage" | "scales" | "magnitude" | "groups">;

/** Casts one operand, pass after pass, from `input` to `output`, which may be the same address. */
export interface OperandCast {
  (input: Address, output: Address): void;
  /** How the next call casts. */
  readonly use: () => CastUse;
}

/**
 * A cast with what it keeps from pass to pass: a stream of random bits, and the scale of delayed scaling, which follows
 * from training steps alone.
 *
 * @param along where the product sums: along the rows of the matrix, or down its columns
 * @param how the same for each call
 * @throws a usage error for a Hadamard transform of a dimension that is no multiple of 16
 */
export function operandCast(
  {
    kernels,
    pass,
    randomStream,
    remember,
  }: Pick<ProgramBuilder, "kernels" | "pass" | "randomStream" | "remember">,
  cast: Cast,
  shape: Shape,
  along: Direction,
  how: CastHow = {},
): OperandCast {
  const {groups = 1} = how;
  if (cast.hadamard) checkHadamard(shape, along, groups);
  const stream = isRandom(cast) ? randomStream() : undefined;
  const delayed = cast.scaling.kind === "delayed" ? createDelayedScale(cast.scaling.delayed) : undefined;
  if (delayed) remember(delayed);
  const use = (): CastUse => ({
    along,
    groups,
    random: stream === undefined ? undefined : {seed: pass.seed, stream, step: pass.step},
    scale: delayed?.scale,
  });
  if (delayed) {
    const largest = (input: Address) =>
      how.magnitude?.present ?? kernels.largestMagnitude(input, shape.rows * shape.columns);
    const run = (input: Address, output: Address) => {
      const amax = pass.isTraining ? largest(input) : 0;
      applyCast(kernels, cast, input, output, shape, {...use(), ...how});
      if (pass.isTraining) delayed.record(amax);
    };
    return Object.assign(run, {use});
  }
  // Small models notice what is made anew in each call.
  const always = stream === undefined ? {...use(), ...how} : undefined;
  const run = (input: Address, output: Address) =>
    applyCast(kernels, cast, input, output, shape, always ?? {...use(), ...how});
  return Object.assign(run, {use});
}

/**
 * Adds the step that casts a tensor where it lies, along its rows; gradients pass as if it were not there. Probes see the
 * tensor before it, as the activation of `layer`.
 * @param name of the cast in recipes, for errors
 */
export function castInPlace(
  builder: ProgramBuilder,
  layer: string,
  x: Tensor,
  {name, cast}: {name: string; cast: Cast},
): void {
  if (leavesAsIs(cast)) return;
  const {data, rows, columns, dataMagnitude: magnitude} = x;
  const shape = {rows, columns};
  const run = aboutSetting(name, () => operandCast(builder, cast, shape, "rows", {magnitude}));
  x.dataMagnitude = undefined;
  const casts = [{product: "forward", cast, shape, along: "rows", use: run.use}] as const;
  builder.probe({layer, tensor: "activation", address: data, count: rows * columns, casts});
  builder.step(() => run(data, data));
}

function checkHadamard({rows, columns}: Shape, along: Direction, groups: number): void {
  const length = along === "rows" ? columns / groups : rows;
  if (length % hadamardSize === 0) return;
  throw usageError(
    `hadamard needs sums over a multiple of ${hadamardSize} values, not ${length}; in weight gradients these are batch · context`,
  );
}
