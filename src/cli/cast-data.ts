import {usageError} from "../errors.js";
import type {Kernels} from "../kernels/kernels.js";
import {matrixCaster} from "../precision/cast-matrix.js";
import type {MatrixQuantizer} from "../precision/matrix-quantizer.js";
import {type Quantizer, quantizeScaled} from "../precision/quantizer.js";
import {addLogarithms, noLogarithms, powerMap, quantizeS2fp8} from "../precision/s2fp8.js";
import {tensorScale} from "../precision/scaling.js";
import type {FloatChunks} from "./read-floats.js";
import {regroupChunks} from "./regroup-chunks.js";

/** What happens to the data, and what for it needs. */
export type CastPlan =
  | {readonly kind: "scaled"; readonly element: Quantizer; readonly scale: number | "tensor"}
  | {readonly kind: "matrix"; readonly quantizer: MatrixQuantizer; readonly columns: number | undefined}
  | {readonly kind: "s2fp8"; readonly element: Quantizer};

/** Whether the data are read once for the largest magnitude, or for logarithms, and once more to be cast. */
export function isReadTwice(plan: CastPlan): boolean {
  if (plan.kind === "scaled") return plan.scale === "tensor";
  if (plan.kind === "s2fp8") return true;
  const {blockRows, blockColumns, outer} = plan.quantizer.scaling;
  const isForRow = blockColumns === "all" || outer === "row";
  return outer === "tensor" || (isForRow && (plan.columns === undefined || blockRows === "all"));
}

/**
 * The data after the cast, chunk by chunk.
 * @param firstIndex of the first element in its tensor, which decides its random bits
 */
export function castData(
  kernels: Kernels,
  plan: CastPlan,
  chunks: FloatChunks,
  firstIndex: number,
): AsyncGenerator<Uint8Array> {
  switch (plan.kind) {
    case "scaled":
      return castScaled(kernels, plan.element, plan.scale, chunks, firstIndex);
    case "matrix":
      return castMatrix(kernels, plan.quantizer, plan.columns, chunks, firstIndex);
    case "s2fp8":
      return castS2fp8(kernels, plan.element, chunks, firstIndex);
  }
}

async function* castScaled(
  kernels: Kernels,
  element: Quantizer,
  requested: number | "tensor",
  chunks: FloatChunks,
  firstIndex: number,
): AsyncGenerator<Uint8Array> {
  const scale =
    requested === "tensor"
      ? tensorScale(element.largest, await largestMagnitude(kernels, chunks))
      : requested;
  let startIndex = firstIndex;
  for await (const chunk of chunks) {
    yield castInKernels(kernels, chunk, (address, count) =>
      quantizeScaled(kernels, element, address, address, count, scale, {startIndex}),
    );
    startIndex += chunk.length / 4;
  }
}

async function* castMatrix(
  kernels: Kernels,
  quantizer: MatrixQuantizer,
  columns: number | undefined,
  chunks: FloatChunks,
  firstIndex: number,
): AsyncGenerator<Uint8Array> {
  const caster = matrixCaster(kernels, quantizer, columns);
  const tensorAmax = caster.needsTensorAmax ? await largestMagnitude(kernels, chunks) : undefined;
  let startIndex = firstIndex;
  for await (const part of regroupChunks(chunks, 4 * caster.elementsTogether)) {
    const count = part.length / 4;
    if (columns !== undefined && count % columns !== 0)
      throw incompleteRow(startIndex - firstIndex + count, columns);
    yield caster.cast(part, {tensorAmax, startIndex});
    startIndex += count;
  }
}

async function* castS2fp8(
  kernels: Kernels,
  element: Quantizer,
  chunks: FloatChunks,
  firstIndex: number,
): AsyncGenerator<Uint8Array> {
  let sums = noLogarithms;
  for await (const chunk of chunks) {
    sums = inKernels(kernels, chunk, (address, count) => addLogarithms(kernels, sums, address, count));
  }
  const map = powerMap(sums);
  let startIndex = firstIndex;
  for await (const chunk of chunks) {
    yield castInKernels(kernels, chunk, (address, count) =>
      quantizeS2fp8(kernels, element, map, address, address, count, {startIndex}),
    );
    startIndex += chunk.length / 4;
  }
}

async function largestMagnitude(kernels: Kernels, chunks: FloatChunks): Promise<number> {
  let largest = 0;
  for await (const chunk of chunks) {
    const amax = inKernels(kernels, chunk, (address, count) => kernels.largestMagnitude(address, count));
    largest = Math.max(largest, amax);
  }
  return largest;
}

/** Runs on a copy of the bytes in the memory of the kernels. */
function inKernels<Result>(
  kernels: Kernels,
  bytes: Uint8Array,
  run: (address: number, count: number) => Result,
): Result {
  const mark = kernels.mark();
  const address = kernels.allocate(bytes.length);
  new Uint8Array(kernels.memory.buffer).set(bytes, address);
  const result = run(address, bytes.length / 4);
  kernels.release(mark);
  return result;
}

/** The bytes after `run` has changed the copy of them. */
const castInKernels = (
  kernels: Kernels,
  bytes: Uint8Array,
  run: (address: number, count: number) => void,
): Uint8Array =>
  inKernels(kernels, bytes, (address, count) => {
    run(address, count);
    return new Uint8Array(kernels.memory.buffer).slice(address, address + bytes.length);
  });

const incompleteRow = (count: number, columns: number) =>
  usageError(
    `${count} values are no whole number of rows of ${columns}; --columns has to divide their count`,
  );
