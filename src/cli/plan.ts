import {readFileSync} from "node:fs";
import {BitscapeError, nearestName, usageError} from "../errors.js";
import {lawOf} from "../laws/index.js";
import {type Advice, type PlanLaw, type PlanQuestion, recommend} from "../laws/plan.js";
import {planLawNames, publishedPlanLaws, readPlanLaw} from "../laws/plan-laws.js";
import {questionText} from "../laws/plan-question.js";
import {agreementSentence, bitsText, certaintyText, outsideTexts} from "../laws/plan-words.js";
import {bytesText, countText} from "../laws/quantity.js";
import {fileFailure} from "./file-failure.js";
import {planBlockSize, planFormat} from "./plan-format.js";
import {alignColumns} from "./text.js";

interface PlanCommandOptions {
  readonly parameters?: number;
  readonly tokens?: number;
  readonly flops?: number;
  readonly memory?: number;
  readonly bits?: number;
  readonly format?: string;
  readonly blockSize?: string;
  readonly inferenceTokens?: number;
  readonly law: readonly string[];
  readonly constants: readonly string[];
  readonly tolerance: number;
  readonly json?: true;
}

/** Prints what each law recommends. */
export function showPlan(options: PlanCommandOptions): void {
  const question = questionOf(options);
  const laws = [...chosenLaws(options.law), ...options.constants.map(lawFromFile)];
  const advices = laws.map((planLaw) => recommend(planLaw, question, {tolerance: options.tolerance}));
  const text = options.json ? planJson(question, advices) : describePlan(question, advices, options);
  process.stdout.write(`${text}\n`);
}

function questionOf(options: PlanCommandOptions): PlanQuestion {
  const {parameters, tokens, flops, memory, bits, format, blockSize, inferenceTokens} = options;
  if (bits !== undefined && format !== undefined) {
    throw usageError("--bits and --format both settle the bits: give one of them");
  }
  return {
    ...{parameters, tokens, compute: flops, memory, bits, inferenceTokens},
    ...(format !== undefined && planFormat(format)),
    ...(blockSize !== undefined && {blockSize: planBlockSize(blockSize)}),
  };
}

function chosenLaws(names: readonly string[]): PlanLaw[] {
  const all = publishedPlanLaws();
  if (names.length === 0 || names.includes("all")) return all;
  return names.map((name) => {
    const found = all.find(({law}) => law.name === name);
    if (found) return found;
    const near = nearestName(name, planLawNames);
    const {published} = lawOf(name);
    const advice = published.length > 0 ? "" : "; nothing of it is published: fit it, and give --constants";
    throw usageError(
      `--law ${name} is none that plans are made by${near ? `; did you mean ${near}?` : advice} (all, ${planLawNames.join(", ")})`,
    );
  });
}

function lawFromFile(path: string): PlanLaw {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileFailure("cannot read", path, error);
  }
  try {
    const {law} = readPlanLaw(text, path);
    return readPlanLaw(text, `${law.name} of ${path}`);
  } catch (error) {
    throw error instanceof BitscapeError
      ? new BitscapeError(`${path}: ${error.message}`, error.exitCode)
      : error;
  }
}

function describePlan(
  question: PlanQuestion,
  advices: readonly Advice[],
  {tolerance}: PlanCommandOptions,
): string {
  const rows = advices.map((advice) => adviceRow(advice));
  const head = [
    "law",
    "bits",
    "N",
    "D",
    "D/N",
    "loss",
    "weights",
    "FLOPs",
    "a bit less",
    "a bit more",
    "how sure",
  ];
  const notes = advices.flatMap((advice) => {
    const outside = outsideTexts(advice);
    return outside.length > 0
      ? [`${advice.planLaw.title}: outside its range are ${outside.join(", ")}.`]
      : [];
  });
  const isByTolerance = advices.some((advice) => advice.isByTolerance);
  return [
    `${questionText(question)}:`,
    alignColumns([head, ...rows], {right: [2, 3, 4, 5, 6, 7, 8, 9]}),
    [
      agreementSentence(advices),
      isByTolerance
        ? `Bits marked * are traded for nothing here: the fewest that lose at most ${tolerance} nats against 16.`
        : "",
      ...notes,
      "Losses are in nats per token and can be compared within a law only: each has its own data and tokenizer.",
    ]
      .filter(Boolean)
      .join("\n"),
  ].join("\n\n");
}

function adviceRow(advice: Advice): string[] {
  const {planLaw, recommended, kind, isByTolerance, oneBitLess, oneBitMore} = advice;
  if (!recommended) return [planLaw.title, "not possible"];
  const {parameters, tokens, loss, memory, compute} = recommended;
  return [
    planLaw.title,
    `${kind === "reference" ? "16 bits" : bitsText(recommended)}${isByTolerance ? " *" : ""}`,
    ...[countText(parameters), countText(tokens), countText(tokens / parameters), loss.toFixed(4)],
    ...[bytesText(memory), countText(compute), differenceText(oneBitLess), differenceText(oneBitMore)],
    certaintyText(advice),
  ];
}

const differenceText = (nats: number | null): string =>
  nats === null ? "-" : `${nats < 0 ? "−" : "+"}${Math.abs(nats).toFixed(4)}`;

/** Everything, with the best choice for each number of bits. */
function planJson(question: PlanQuestion, advices: readonly Advice[]): string {
  const laws = advices.map(({planLaw, ...advice}) => {
    const {law, title, origin, constants, domain} = planLaw;
    return {law: law.name, title, origin, constants, domain, ...advice};
  });
  return JSON.stringify({question, agreement: agreementSentence(advices), laws}, null, 2);
}
