import {usageError} from "../errors.js";
import {computeFactor, inferenceFactor, weightBytes} from "./budgets.js";
import {type ConstantValues, constantsOf, type Law, outsideDomain, type PublishedConstants} from "./law.js";
import {type Layout, layoutFor} from "./layout.js";
import {minimise} from "./solve.js";
import type {Point, VariableName} from "./variables.js";
import {variables} from "./variables.js";

/** What is wanted; what is left out is to be found. At least N and D, or C, or M with D, must follow from it. */
export interface PlanQuestion {
  readonly parameters?: number;
  readonly tokens?: number;
  /** FLOPs of training in 16 bits, of which P bits cost P/16: (6/16)·N·D·P. */
  readonly compute?: number;
  /** Bytes for the weights: N·P/8. */
  readonly memory?: number;
  /** Bits of every rounded operand, where that is settled. */
  readonly bits?: number;
  /** The layout, where that is settled; for laws of integers it counts by its bits. */
  readonly layout?: Layout;
  /** Elements that share a scale, for laws that ask. */
  readonly blockSize?: number;
  /** Tokens that the model will read and write after training, which cost (2/16)·N·P each and come out of the compute. */
  readonly inferenceTokens?: number;
}

/** A law with constants, and what is known about them. */
export interface PlanLaw {
  readonly law: Law;
  readonly title: string;
  readonly constants: ConstantValues;
  readonly origin: "published" | "own";
  /** Where the constants were fitted. */
  readonly domain: PublishedConstants["domain"];
  /** Constants of bootstrap replicates in the law's order, and what an interval from them should cover. */
  readonly replicates?: readonly (readonly number[])[];
  readonly confidence?: number;
  /** Whether standard errors of single constants are known, which do not suffice for an interval of a prediction. */
  readonly hasStandardErrors?: boolean;
}

/** What a law promises for one number of bits. */
export interface PlanChoice {
  readonly bits: number;
  /** The best layout of these bits; null for laws that do not know layouts. */
  readonly layout: Layout | null;
  readonly parameters: number;
  readonly tokens: number;
  /** Nats per token. */
  readonly loss: number;
  /** Bytes of the weights. */
  readonly memory: number;
  /** FLOPs in 16 bits that training (and use, if asked for) costs. */
  readonly compute: number;
}

export interface Advice {
  readonly planLaw: PlanLaw;
  /** Which of its numbers the bits change: those of training, of use after training, or none. */
  readonly kind: "training" | "after training" | "reference";
  /** The best choice for each number of bits that is possible, from few to many. */
  readonly curve: readonly PlanChoice[];
  /** What the law recommends; null where nothing is possible. */
  readonly recommended: PlanChoice | null;
  /** The bits were given, not recommended. */
  readonly isGiven: boolean;
  /** Fewer bits would leave room for nothing, so that the recommendation is the fewest that lose at most `tolerance`. */
  readonly isByTolerance: boolean;
  /** Bits at the optimum if they could be broken; null where they are not traded for anything. */
  readonly exactBits: number | null;
  /** Fewest and most bits that lose at most `tolerance` against the best. */
  readonly within: readonly [number, number] | null;
  /** Loss more than that of the recommendation with one bit less and one bit more; null where that is not possible. */
  readonly oneBitLess: number | null;
  readonly oneBitMore: number | null;
  /** Variables of the recommendation that lie outside the range in which the constants were fitted. */
  readonly outside: readonly VariableName[];
  /** Of the recommendation over bootstrap replicates; null where there are none. */
  readonly interval: {
    readonly confidence: number;
    readonly bits: readonly [number, number];
    readonly loss: readonly [number, number];
  } | null;
}

export interface PlanOptions {
  /** Nats per token that count as nothing lost. */
  readonly tolerance?: number;
  /** Replicates that intervals are taken from. */
  readonly replicates?: number;
}

export const defaultTolerance = 0.01;
/** Block size behind the published critical data sizes of Sun et al. */
const defaultBlockSize = 128;
export const mostBits = 16;
const fewestBits = 1;

/**
 * What a law recommends.
 * @throws a usage error where the question leaves the size or the amount of text open
 */
export function recommend(planLaw: PlanLaw, question: PlanQuestion, options: PlanOptions = {}): Advice {
  checkQuestion(question);
  const {tolerance = defaultTolerance, replicates: most = 200} = options;
  const constants = constantsOf(planLaw.law, planLaw.constants);
  const kind = kindOf(planLaw.law);
  const curve = curveOf(planLaw.law, constants, question);
  const givenBits = bitsGiven(question);
  const isGiven = givenBits !== undefined && kind !== "reference";
  const bits = isGiven ? givenBits : undefined;
  const decision = decide(curve, {tolerance, bits, isTraded: isTraded(kind, question)});
  const at = (bits: number) => curve.find((choice) => choice.bits === bits);
  const {recommended} = decision;
  const lossMore = (bits: number) => {
    const other = recommended && kind !== "reference" ? at(recommended.bits + bits) : undefined;
    return other ? other.loss - recommended!.loss : null;
  };
  const best = lowest(curve);
  const near = curve.filter(({loss}) => best && loss <= best.loss + tolerance);
  return {
    ...{planLaw, kind, curve, isGiven, ...decision},
    exactBits:
      isTraded(kind, question) && best && !question.layout
        ? exactOptimum(planLaw.law, constants, question, best)
        : null,
    within: near.length > 0 && kind !== "reference" ? [near[0].bits, near[near.length - 1].bits] : null,
    oneBitLess: lossMore(-1),
    oneBitMore: lossMore(1),
    outside: recommended ? outsideOf(planLaw, question, recommended) : [],
    interval: recommended ? intervalOf(planLaw, question, {tolerance, most}) : null,
  };
}

/** @throws a usage error that says what is missing */
export function checkQuestion({
  parameters,
  tokens,
  compute,
  memory,
  blockSize = 1,
  ...rest
}: PlanQuestion): void {
  const given = {parameters, tokens, compute, memory, ...rest};
  for (const name of ["parameters", "tokens", "compute", "memory", "bits", "inferenceTokens"] as const) {
    const value = given[name];
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      throw usageError(`${name} is ${value}, and has to be a number above 0`);
    }
  }
  if (!(blockSize >= 1)) throw usageError(`the block size is ${blockSize}, and has to be 1 or more`);
  if (compute !== undefined) return;
  if (tokens === undefined) {
    throw usageError(
      "say how many tokens to train on, or how much compute there is: without, more is always better",
    );
  }
  if (parameters === undefined && memory === undefined) {
    throw usageError(
      "say how many parameters, how much compute or how much memory: without, more is always better",
    );
  }
}

/** The best choice for each number of bits; for a reference the one in 16 bits. */
function curveOf(law: Law, constants: Float64Array, question: PlanQuestion): PlanChoice[] {
  const kind = kindOf(law);
  const choices: PlanChoice[] = [];
  for (let bits = kind === "reference" ? mostBits : fewestBits; bits <= mostBits; bits++) {
    const layout = bestLayout(law, constants, bits, question);
    const choice = choiceFor(law, constants, question, {bits, layout});
    if (choice) choices.push(choice);
  }
  return choices;
}

/**
 * The given layout where it has so many bits, else the one of the lowest loss. Layouts enter the laws as a factor of their
 * own, so that the best one does not depend on N and D.
 */
function bestLayout(
  law: Law,
  constants: Float64Array,
  bits: number,
  {layout: given, blockSize}: PlanQuestion,
): Layout | null {
  if (!knowsLayouts(law)) return null;
  if (given && bitsOf(given) === bits) return given;
  let best: {layout: Layout; loss: number} | undefined;
  for (let exponentBits = 0; exponentBits < bits; exponentBits++) {
    const layout = {exponentBits, mantissaBits: bits - 1 - exponentBits};
    const loss = lossFunction(law, constants, {bits, layout, blockSize})(...anySize);
    if (!best || loss < best.loss) best = {layout, loss};
  }
  return best!.layout;
}

/** N and D at which layouts are compared. */
const anySize = [1e9, 1e11] as const;

/** Size and tokens of the lowest loss; null where nothing is possible, or the law has no value. */
function choiceFor(
  law: Law,
  constants: Float64Array,
  question: PlanQuestion,
  {bits, layout}: {bits: number; layout: Layout | null},
): PlanChoice | null {
  const {parameters, tokens, compute, memory, inferenceTokens = 0} = question;
  const kind = kindOf(law);
  const trainingBits = kind === "training" ? bits : mostBits;
  const useBits = kind === "reference" ? mostBits : bits;
  const loss = lossFunction(law, constants, {bits, layout, blockSize: question.blockSize});
  const useOfParameter = inferenceFactor * inferenceTokens * useBits;
  const costOfParameter = (d: number) => computeFactor * d * trainingBits + useOfParameter;
  const sizeLimit = memory === undefined ? Number.POSITIVE_INFINITY : memory / weightBytes(1, useBits);
  const budget = compute ?? Number.POSITIVE_INFINITY;
  const mostTokens = (n: number) =>
    budget === Number.POSITIVE_INFINITY
      ? budget
      : (budget / n - useOfParameter) / (computeFactor * trainingBits);
  const mostParameters = (d: number) => Math.min(sizeLimit, budget / costOfParameter(d));

  const found = ((): readonly [number, number] | null => {
    if (parameters !== undefined) {
      if (parameters > sizeLimit * (1 + 1e-9)) return null;
      const limit = mostTokens(parameters);
      if (tokens !== undefined) return tokens <= limit * (1 + 1e-9) ? [parameters, tokens] : null;
      return limit >= 1 ? [parameters, bestTokens((d) => loss(parameters, d), limit)] : null;
    }
    if (tokens !== undefined) {
      const limit = mostParameters(tokens);
      return limit >= 1 ? [limit, tokens] : null;
    }
    const limit = Math.min(sizeLimit, mostParameters(1));
    if (!(limit >= 1)) return null;
    return bestSizeAndTokens(loss, limit, mostTokens);
  })();
  if (!found) return null;
  const [n, d] = found;
  const value = loss(n, d);
  if (!Number.isFinite(value)) return null;
  return {
    bits,
    layout,
    parameters: n,
    tokens: d,
    loss: value,
    memory: weightBytes(n, useBits),
    compute: n * costOfParameter(d),
  };
}

/**
 * More parameters never hurt. So either all compute is spent, or there are as many parameters as there may be and more
 * tokens would hurt.
 */
function bestSizeAndTokens(
  loss: (parameters: number, tokens: number) => number,
  limit: number,
  mostTokens: (parameters: number) => number,
): readonly [number, number] | null {
  const {at} = minimise((x) => loss(Math.exp(x), mostTokens(Math.exp(x))), 0, Math.log(limit), 8);
  if (Number.isNaN(at)) return null;
  const n = Math.exp(at);
  const tokens = bestTokens((d) => loss(limit, d), mostTokens(limit));
  return loss(limit, tokens) < loss(n, mostTokens(n)) ? [limit, tokens] : [n, mostTokens(n)];
}

/** All tokens that there are, unless more would hurt. */
function bestTokens(loss: (tokens: number) => number, limit: number): number {
  if (!(limit > 1) || !(loss(limit) > loss(limit * 0.999))) return limit;
  return Math.exp(minimise((x) => loss(Math.exp(x)), 0, Math.log(limit), 8).at);
}

function lossFunction(
  law: Law,
  constants: Float64Array,
  choice: {bits: number; layout: Layout | null; blockSize?: number},
): (parameters: number, tokens: number) => number {
  const point = roundedPoint(law, choice);
  const inputs = Float64Array.from(law.variables, (name) => point[name] ?? variables[name].without ?? 0);
  const [n, d] = [law.variables.indexOf("parameters"), law.variables.indexOf("tokens")];
  return (parameters, tokens) => {
    if (n >= 0) inputs[n] = parameters;
    if (d >= 0) inputs[d] = tokens;
    return law.evaluate(constants, inputs);
  };
}

/** The variables that tell how values are rounded, where all operands have the same bits. */
function roundedPoint(
  law: Law,
  {bits, layout, blockSize = defaultBlockSize}: {bits: number; layout: Layout | null; blockSize?: number},
): Point {
  const alike = [...trainingVariables, "postTrainingBits" as const].map((name) => [name, bits]);
  const point: Point = {...Object.fromEntries(alike), ...layout, blockSize};
  return Object.fromEntries(
    Object.entries(point).filter(([name]) => law.variables.includes(name as VariableName)),
  );
}

const trainingVariables = ["weightBits", "activationBits", "cacheBits", "gradientBits"] as const;

function kindOf({variables: names}: Law): Advice["kind"] {
  if (names.includes("exponentBits") || trainingVariables.some((name) => names.includes(name)))
    return "training";
  return names.includes("postTrainingBits") ? "after training" : "reference";
}

const knowsLayouts = ({variables: names}: Law): boolean => names.includes("exponentBits");

const bitsOf = ({exponentBits, mantissaBits}: Layout): number => 1 + exponentBits + mantissaBits;

const bitsGiven = ({bits, layout}: PlanQuestion): number | undefined => bits ?? (layout && bitsOf(layout));

function lowest(choices: readonly PlanChoice[]): PlanChoice | undefined {
  let best: PlanChoice | undefined;
  for (const choice of choices) if (!best || choice.loss < best.loss) best = choice;
  return best;
}

/** Whether more bits leave room for fewer parameters or tokens. */
function isTraded(kind: Advice["kind"], question: PlanQuestion): boolean {
  const {parameters, tokens, memory, compute, inferenceTokens} = question;
  if (kind === "reference" || (parameters !== undefined && tokens !== undefined)) return false;
  const isStored = memory !== undefined && parameters === undefined;
  return isStored || (compute !== undefined && (kind === "training" || inferenceTokens !== undefined));
}

/** The given bits, or the best ones; where bits are traded for nothing, the fewest that lose next to nothing. */
function decide(
  curve: readonly PlanChoice[],
  {tolerance, bits, isTraded}: {tolerance: number; bits?: number; isTraded: boolean},
): {recommended: PlanChoice | null; isByTolerance: boolean} {
  if (bits !== undefined) {
    return {recommended: curve.find((choice) => choice.bits === bits) ?? null, isByTolerance: false};
  }
  const best = lowest(curve);
  if (!best) return {recommended: null, isByTolerance: false};
  if (isTraded || curve.length === 1) return {recommended: best, isByTolerance: false};
  return {recommended: curve.find(({loss}) => loss <= best.loss + tolerance)!, isByTolerance: true};
}

/**
 * The optimum over all numbers of bits; broken layouts share E + ½ and M + ½ as is best at `near`, and always is in the
 * floating-point law.
 */
function exactOptimum(
  law: Law,
  constants: Float64Array,
  question: PlanQuestion,
  {bits: near}: PlanChoice,
): number | null {
  const split = (bits: number, share: number) => layoutFor(bits, {delta: share, nu: 1 - share});
  const lossOf = (share: number) =>
    lossFunction(law, constants, {bits: near, layout: split(near, share), blockSize: question.blockSize})(
      ...anySize,
    );
  const share = knowsLayouts(law) ? minimise(lossOf, 0.01, 0.99, 10).at : Number.NaN;
  const layoutAt = (bits: number) => (knowsLayouts(law) ? split(bits, share) : null);
  const lossAt = (bits: number) =>
    choiceFor(law, constants, question, {bits, layout: layoutAt(bits)})?.loss ?? Number.NaN;
  const {at} = minimise(lossAt, Math.max(fewestBits, near - 1), Math.min(mostBits, near + 1), 4);
  return Number.isNaN(at) || at > mostBits - 1e-3 || at < fewestBits + 1e-3 ? null : at;
}

/** Variables of a choice that lie outside the range in which the law's constants were fitted. */
export function outsideOf(
  {law, domain}: PlanLaw,
  question: PlanQuestion,
  choice: PlanChoice,
): VariableName[] {
  const point = {
    ...roundedPoint(law, {...choice, blockSize: question.blockSize}),
    parameters: choice.parameters,
    tokens: choice.tokens,
  };
  // 16 bits are what the papers train in where they do not round.
  const isUnrounded = (name: VariableName) =>
    choice.bits === mostBits && !["parameters", "tokens"].includes(name);
  return outsideDomain({name: "", values: {}, domain, source: law.source}, point).filter(
    (name) => law.variables.includes(name) && !isUnrounded(name),
  );
}

function intervalOf(
  {law, replicates = [], confidence = 0.95}: PlanLaw,
  question: PlanQuestion,
  {tolerance, most}: {tolerance: number; most: number},
): Advice["interval"] {
  const used = replicates.slice(0, most);
  const bits = kindOf(law) === "reference" ? undefined : bitsGiven(question);
  const found = used.flatMap((constants) => {
    const curve = curveOf(law, Float64Array.from(constants), question);
    const {recommended} = decide(curve, {tolerance, bits, isTraded: isTraded(kindOf(law), question)});
    return recommended ? [recommended] : [];
  });
  if (found.length < 20) return null;
  const range = (values: readonly number[]): readonly [number, number] => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
    return [at((1 - confidence) / 2), at((1 + confidence) / 2)];
  };
  return {
    confidence,
    bits: range(found.map((choice) => choice.bits)),
    loss: range(found.map(({loss}) => loss)),
  };
}
