import type {Kernels} from "../src/kernels/kernels.js";
import {decibelText} from "./block-losses.js";
import {type BlockSizeError, blockSizeErrors} from "./block-size-errors.js";

/** Sentences on what the transform and four over six do to E2M1 with NVFP4's scales, in numbers of figure 3. */
export interface BlockSizeClaims {
  readonly hadamard: string;
  readonly fourOverSix: string;
}

export function blockSizeClaims(kernels: Kernels): BlockSizeClaims {
  const errors = (scales: string, hasHadamard: boolean) =>
    blockSizeErrors(kernels, {scales, hasHadamard, elements: ["e2m1"]});
  const [plain, mixed, better] = [
    errors("nvfp4", false),
    errors("nvfp4", true),
    errors("four-over-six", false),
  ];
  const ratio = (rows: readonly BlockSizeError[], data: BlockSizeError["data"], size: number) =>
    rows.find((row) => row.data === data && row.size === size)!.ratio;
  const change = (size: number) => {
    const [before, after] = [plain, mixed].map((rows) => ratio(rows, "with outliers", size));
    return `${after > before ? "helps" : "harms"} blocks of ${size} (from ${decibelText(before)} to ${decibelText(after)})`;
  };
  const [one, two] = [plain, better].map((rows) => decibelText(ratio(rows, "without outliers", 16)));
  return {
    hadamard: `With outlying columns and NVFP4's scales it ${change(1024)} and ${change(16)}, which had kept the outliers to themselves.`,
    fourOverSix: `Blocks of 16 normal values go from ${one} to ${two}.`,
  };
}
