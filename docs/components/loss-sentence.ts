import {finalLosses} from "./final-losses.js";
import type {LossRow} from "./loss-row.js";

/** Differences of the loss, in nats per token, that are no difference to a reader. */
const noticeable = 0.01;

/** Where plain FP8 ended against FP32 under one scheme, in words; empty if the rows lack either run. */
export function lossSentence(rows: readonly LossRow[], scheme: string): string {
  const losses = finalLosses(rows.filter((row) => row.scheme === scheme));
  const plain = losses.find(({recipe}) => recipe === "fp8")?.loss;
  const reference = losses.find(({recipe}) => recipe === "fp32")?.loss;
  if (plain === undefined || reference === undefined) return "";
  if (!Number.isFinite(plain)) return "plain FP8 does not train";
  const difference = plain - reference;
  if (Math.abs(difference) < noticeable) return `plain FP8 ends within ${noticeable} nats of FP32`;
  return `plain FP8 ends ${Math.abs(difference).toFixed(2)} nats ${difference > 0 ? "above" : "below"} FP32`;
}
