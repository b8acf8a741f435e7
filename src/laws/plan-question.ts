import type {PlanQuestion} from "./plan.js";
import {bytesText, countText} from "./quantity.js";

/** A question in words: `what to train with 1e24 FLOPs and 16 GB for the weights`. */
export function questionText(question: PlanQuestion): string {
  const {parameters, tokens, compute, memory, bits, layout, inferenceTokens} = question;
  const model = parameters === undefined ? "a model" : `${countText(parameters)} parameters`;
  const format = layout
    ? ` in E${layout.exponentBits}M${layout.mantissaBits}`
    : bits === undefined
      ? ""
      : ` in ${bits} bits`;
  const budgets = [
    compute === undefined ? "" : `${countText(compute)} FLOPs`,
    memory === undefined ? "" : `${bytesText(memory)} for the weights`,
  ].filter(Boolean);
  return [
    `Train ${model}${tokens === undefined ? "" : ` on ${countText(tokens)} tokens`}${format}`,
    budgets.length > 0 ? ` with ${budgets.join(" and ")}` : "",
    inferenceTokens === undefined ? "" : `, to serve ${countText(inferenceTokens)} tokens`,
  ].join("");
}
