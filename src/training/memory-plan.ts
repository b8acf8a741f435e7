import {failure} from "../errors.js";
import {type Kernels, largestMemoryBytes} from "../kernels/kernels.js";

/** What a run needs of the kernels' memory, in bytes. */
export interface MemoryPlan {
  readonly weights: number;
  readonly gradients: number;
  /** What the optimizer keeps from step to step. */
  readonly optimizer: number;
  /** Activations and their gradients, casts and scratch. */
  readonly activations: number;
  /** What diagnostics need; 0 without them. */
  readonly probes: number;
}

export const totalBytes = (plan: MemoryPlan): number =>
  plan.weights + plan.gradients + plan.optimizer + plan.activations + plan.probes;

/**
 * Makes room for all that is planned.
 * @param limit bytes that the machine has
 * @throws a one-line error that names the sizes and what to lower, when that is more than there can be
 */
export function reserveMemory(
  kernels: Pick<Kernels, "mark" | "reserve">,
  plan: MemoryPlan,
  limit: number,
): void {
  const needed = totalBytes(plan);
  if (kernels.mark() + needed > largestMemoryBytes) {
    throw tooLarge(plan, `a WASM memory has 4096 MiB at most`);
  }
  if (needed > limit) throw tooLarge(plan, `this machine has ${sizeText(limit)}`);
  if (!kernels.reserve(needed)) throw tooLarge(plan, "this machine does not give so much");
}

function tooLarge(plan: MemoryPlan, reason: string) {
  const ofModel = plan.weights + plan.gradients + plan.optimizer;
  const lower = plan.activations > ofModel ? "batch, context, width or layers" : "width or layers";
  return failure(`the memory does not suffice for ${memoryText(plan)}; ${reason}: lower ${lower}`);
}

/** `13 MiB (weights 3.0 MiB, gradients 3.0 MiB, optimizer 6.0 MiB, activations 1.1 MiB)`; leaves out crumbs. */
export function memoryText(plan: MemoryPlan): string {
  const parts = (["weights", "gradients", "optimizer", "activations", "probes"] as const)
    .filter((part) => plan[part] >= 0.001 * totalBytes(plan))
    .map((part) => `${part} ${sizeText(plan[part])}`);
  return `${sizeText(totalBytes(plan))} (${parts.join(", ")})`;
}

/** `512 MiB`, or `12 GiB` from ten of them on. */
export function sizeText(bytes: number): string {
  const [size, unit] = bytes < 10 * 2 ** 30 ? [bytes / 2 ** 20, "MiB"] : [bytes / 2 ** 30, "GiB"];
  return `${size < 10 ? size.toPrecision(2) : Math.round(size)} ${unit}`;
}
