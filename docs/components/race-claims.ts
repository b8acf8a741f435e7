import {errorText} from "./error-text.js";
import type {RaceRow} from "./race-row.js";

const fast = "h100-cublaslt-fast fp8";
const promoted = "h100-cublaslt fp8";

interface Place {
  readonly data: string;
  readonly racer: string;
  readonly k: number;
}

const find = (rows: readonly RaceRow[], {data, racer, k}: Place): RaceRow =>
  rows.find((row) => row.data === data && row.operands === "e4m3" && row.racer === racer && row.k === k)!;

/** What one chain loses of a sum of one sign, and what promotion leaves of that. */
export function raceTakeaway(rows: readonly RaceRow[]): string {
  const [chain, library] = [fast, promoted].map((racer) =>
    find(rows, {data: "non-negative", racer, k: 4096}),
  );
  return (
    `Of a sum of 4,096 non-negative FP8 products an H100 ${lost(chain.bias)} when all of them are added in one chain, ` +
    `and ${lost(library.bias).replace("loses ", "")} when the sum is promoted to fp32 after every 128.`
  );
}

const lost = (bias: number): string => (bias < 0 ? `loses ${errorText(-bias)}` : `gains ${errorText(bias)}`);

/** How the error of sums of signed numbers grows with their length. */
export function signedClaim(rows: readonly RaceRow[]): string {
  const ratio = (racer: string) => {
    const [short, long] = [128, 4096].map((k) => find(rows, {data: "signed", racer, k}).rms);
    return long / short;
  };
  const chain = find(rows, {data: "signed", racer: fast, k: 4096});
  return (
    `With signed numbers the mean error is close to nothing, ${errorText(chain.bias)} at 4,096 products, but the typical ` +
    `error still grows: from 128 products to 4,096 ${times(ratio(fast))} in one chain, and ${times(ratio(promoted))} with promotion.`
  );
}

const times = (ratio: number): string =>
  ratio < 1.2 ? "not at all" : `by a factor of ${ratio.toFixed(ratio < 3 ? 1 : 0)}`;

/** How much the 16-bit units of three generations lose of the same sum of one sign, in 16-bit numbers. */
export function generationsClaim(rows: readonly RaceRow[]): string {
  const lostBy = (racer: string) =>
    errorText(
      -rows.find(
        (row) =>
          row.data === "non-negative" && row.operands === "fp16" && row.racer === racer && row.k === 4096,
      )!.bias,
    );
  return (
    `Choose FP16 as the format and the root mean square as the error, and three generations come apart: at 4,096 products ` +
    `a V100 loses ${lostBy("v100-mma fp16")}, an A100 ${lostBy("a100-mma fp16")} and an H100 ${lostBy("h100-wgmma fp16")}, ` +
    `for each keeps one bit more and adds more products at a time. Adding one by one in fp32, rounded to nearest, has no such bias.`
  );
}
