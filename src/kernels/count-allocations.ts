import type {Address, Kernels} from "./kernels.js";
import {alignedBytes} from "./kernels.js";

/** Kernels that are run while buffers are laid out, because what they give does not depend on what buffers hold. */
const answers = [
  ...["castSlot", "setRoundingKey", "blockScratch", "narrowUnitScratch", "wideUnitScratch"],
  ...["log", "exp", "cos", "sin", "randomBits", "roundingBits"],
];

/** What a function may write at an address before anything is run: constants, not tensors. */
const scratchBytes = 2 ** 20;

/**
 * Runs `layOut` with kernels that only count what is allocated, so that sizes beyond any memory can be told, too.
 * Addresses lead to scratch, kernels that read or write tensors do nothing, and views of tensors are empty.
 *
 * @returns what `layOut` returns
 */
export function countAllocations<Result>(kernels: Kernels, layOut: (counting: Kernels) => Result): Result {
  const scratch = kernels.mark();
  kernels.allocate(scratchBytes);
  kernels.release(scratch);
  let counted: Address = scratch;
  const idle = Object.entries(kernels)
    .filter(([name, member]) => typeof member === "function" && !answers.includes(name))
    .map(([name]) => [name, () => 0]);
  return layOut({
    ...kernels,
    ...Object.fromEntries(idle),
    allocate(bytes) {
      counted += alignedBytes(bytes);
      return scratch;
    },
    mark: () => counted,
    release(mark) {
      counted = mark;
    },
    float32: () => new Float32Array(),
    int32: () => new Int32Array(),
    uint32: () => new Uint32Array(),
  });
}
