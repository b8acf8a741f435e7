import {memoryText} from "../training/memory-plan.js";
import type {RunRecord} from "../training/run-record.js";
import {duration} from "./progress-display.js";
import {alignColumns} from "./text.js";

/** A run's record as text for people: a line for each result. */
export function describeRecord(record: RunRecord): string {
  const {settings, parameters, tokens, vocabularySize, floor, diverged, timing} = record;
  const loss = (nats: number | null) =>
    nats === null ? "none: the run diverged" : inBothUnits(nats, record);
  const rows = [
    ["run", record.id],
    [
      "model",
      `${settings.layers} layers, width ${settings.width}, ${settings.heads} heads, context ${settings.context}`,
    ],
    ["scheme, recipe", `${settings.scheme}, ${settings.recipe}`],
    ["corpus", `${settings.corpus}, vocabulary of ${vocabularySize}`],
    ["parameters", grouped(parameters)],
    ["memory", memoryText(record.memory)],
    ["tokens", grouped(tokens)],
    ["training loss", loss(record.finalTrainingLoss)],
    ["held-out loss", loss(record.finalHeldOutLoss)],
    ...postTrainingRows(record),
    ["floor", floor === null ? "not known for this corpus" : inBothUnits(floor, record)],
    ...lossScalingRow(record),
    ...gradientToNoiseRow(record),
    ...(diverged ? [["diverged", `step ${diverged.step}: ${diverged.reason}`]] : []),
    ["speed", `${grouped(Math.round(timing.tokensPerSecond))} tokens/s, ${duration(timing.seconds)}`],
    ["weights", `sha256 ${record.weightHash}`],
    ["engine", record.engine],
  ];
  return alignColumns(rows);
}

function postTrainingRows(record: RunRecord): [string, string][] {
  const before = record.finalHeldOutLoss ?? Number.NaN;
  return record.postTraining.map(({cast, method, heldOutLoss}) => {
    const name = method === "gptq" ? `gptq ${cast}` : cast;
    const change = (heldOutLoss - before).toFixed(4).replace(/^-0\.0+$/, "0.0000");
    const signed = change.startsWith("-") ? change.replace("-", "−") : `+${change}`;
    return [`held-out, ${name}`, `${inBothUnits(heldOutLoss, record)} (${signed} nats)`];
  });
}

function lossScalingRow({lossScaling: {scale, skippedSteps}}: RunRecord): [string, string][] {
  if (scale === 1 && skippedSteps === 0) return [];
  return [["loss scale", `${grouped(scale)} at the end; ${grouped(skippedSteps)} steps left out for it`]];
}

/** Chmiel et al. 2025 (arXiv 2505.19115) find that training stalls below √3. */
function gradientToNoiseRow({gradientToNoise}: RunRecord): [string, string][] {
  if (gradientToNoise.length === 0) return [];
  const ratios = gradientToNoise.map(({step, ratio}) => ({step, ratio, text: ratio.toPrecision(3)}));
  const [first, last] = [ratios[0], ratios[ratios.length - 1]];
  const range =
    ratios.length === 1
      ? first.text
      : `${first.text} at step ${first.step}, ${last.text} at step ${last.step}`;
  const below = ratios.find(({ratio}) => ratio < Math.sqrt(3));
  const verdict = below ? `below √3 at step ${below.step}` : "never below √3";
  return [["gradient to noise", `${range}: ${verdict}`]];
}

/** Tokens are characters, or bytes: in ASCII text the same. */
function inBothUnits(nats: number, {settings}: RunRecord): string {
  return `${nats.toFixed(4)} nats, ${(nats / Math.LN2).toFixed(4)} bits per ${settings.vocabulary}`;
}

const grouped = (n: number): string => n.toLocaleString("en").replaceAll(",", " ");
