import type {Advice, PlanChoice} from "./plan.js";
import {countText} from "./quantity.js";
import {type VariableName, variables} from "./variables.js";

/** `7 bits`, or `5 bits, E2M2`. */
export function bitsText({bits, layout}: Pick<PlanChoice, "bits" | "layout">): string {
  const text = `${bits} bit${bits === 1 ? "" : "s"}`;
  return layout ? `${text}, E${layout.exponentBits}M${layout.mantissaBits}` : text;
}

/** Nats per token that are not worth words. */
const countsAsNothing = 0.00005;

/** A difference in nats per token, without its sign: 0.0014, or "less than 0.0001". */
export function natsText(nats: number): string {
  const size = Math.abs(nats);
  if (size < countsAsNothing) return "less than 0.0001";
  return size.toFixed(size >= 0.1 ? 2 : size >= 0.001 ? 3 : 4);
}

/** Where a recommendation leaves the range that the constants were fitted on: `N 169B (fitted up to 220M)`. */
export function outsideTexts({outside, recommended, planLaw}: Advice): string[] {
  return outside.map((name) => {
    const [from, to] = planLaw.domain[name]!;
    const value = variableAt(name, recommended!);
    const limit = value > to ? `up to ${countText(to)}` : `from ${countText(from)} on`;
    return `${variables[name].symbol} ${countText(value)} (fitted ${limit})`;
  });
}

/** The same in few characters: `N ×770, D ×87`, or the value where it is a number of bits. */
export function beyondText({outside, recommended, planLaw}: Advice): string {
  const parts = outside.map((name) => {
    const {symbol, scale} = variables[name];
    const [from, to] = planLaw.domain[name]!;
    const value = variableAt(name, recommended!);
    if (scale === "linear") return `${symbol} = ${value}`;
    return value > to ? `${symbol} ×${countText(value / to, 2)}` : `${symbol} ÷${countText(from / value, 2)}`;
  });
  return parts.join(", ");
}

function variableAt(name: VariableName, {bits, layout, parameters, tokens}: PlanChoice): number {
  if (name === "parameters") return parameters;
  if (name === "tokens") return tokens;
  if (name === "exponentBits" || name === "mantissaBits") return layout![name];
  return bits;
}

/** How sure a recommendation is: an interval where there are samples, else what is published about the constants. */
export function certaintyText({interval, planLaw, kind}: Advice): string {
  if (interval) {
    const [from, to] = interval.bits;
    const bits = kind === "reference" ? "" : `${from === to ? from : `${from} to ${to}`} bits, `;
    const share = Number((interval.confidence * 100).toPrecision(4));
    return `${share} %: ${bits}loss ${interval.loss[0].toFixed(3)} to ${interval.loss[1].toFixed(3)}`;
  }
  if (planLaw.origin === "own") return "fit without bootstrap";
  return planLaw.hasStandardErrors ? "standard errors only" : "not published";
}

/** How far laws about bits in training agree. */
interface Agreement {
  /** The laws that recommend something. */
  readonly advices: readonly Advice[];
  /** Fewest and most bits recommended. */
  readonly bits: readonly [number, number];
  /** Smallest and largest size recommended. */
  readonly parameters: readonly [number, number];
  /** The number of bits of which the law that likes it least loses least, and what it loses. */
  readonly compromise: {readonly bits: number; readonly loss: number} | null;
  /** The most that a law loses with the bits of another; null where one of them has no value there. */
  readonly worst: {readonly bits: number; readonly loss: number; readonly advice: Advice} | null;
}

/** Null where fewer than two laws about bits in training recommend something. */
export function agreementOf(advices: readonly Advice[]): Agreement | null {
  const compared = advices.filter(
    ({kind, recommended, isGiven}) => kind === "training" && recommended && !isGiven,
  );
  if (compared.length < 2) return null;
  const bits = compared.map(({recommended}) => recommended!.bits);
  const sizes = compared.map(({recommended}) => recommended!.parameters);
  const losses = (bits: number) => compared.map((advice) => ({bits, advice, loss: lossMore(advice, bits)}));
  const all = [...new Set(bits)].flatMap(losses);
  const between = Array.from(
    {length: Math.max(...bits) - Math.min(...bits) + 1},
    (_, i) => Math.min(...bits) + i,
  );
  const worstOf = (bits: number) => ({bits, loss: Math.max(...losses(bits).map(({loss}) => loss))});
  const compromise = between.map(worstOf).reduce((best, other) => (other.loss < best.loss ? other : best));
  const worst = all.reduce((most, other) => (other.loss > most.loss ? other : most));
  return {
    advices: compared,
    bits: [Math.min(...bits), Math.max(...bits)],
    parameters: [Math.min(...sizes), Math.max(...sizes)],
    compromise: Number.isFinite(compromise.loss) ? compromise : null,
    worst: Number.isFinite(worst.loss) ? worst : null,
  };
}

/** What a law loses with other bits than it recommends; Infinity where it has no value there. */
function lossMore({curve, recommended}: Advice, bits: number): number {
  const choice = curve.find((other) => other.bits === bits);
  return choice ? choice.loss - recommended!.loss : Number.POSITIVE_INFINITY;
}

/** How far the laws agree, in one or two sentences; empty where there is nothing to compare. */
export function agreementSentence(advices: readonly Advice[]): string {
  const agreement = agreementOf(advices);
  if (!agreement) return "";
  const {bits, compromise, worst, advices: compared} = agreement;
  const count = compared.length === 2 ? "Both" : `All ${compared.length}`;
  if (bits[0] === bits[1]) return `${count} laws of training recommend ${bits[0]} bits.`;
  const spread = `The ${compared.length} laws of training recommend ${bits[0]} to ${bits[1]} bits.`;
  const lost = worst
    ? ` With another's bits a law loses at most ${natsText(worst.loss)} nats (${worst.advice.planLaw.title} in ${worst.bits} bits)`
    : " Not every law has a value at the bits of the others";
  const middle =
    compromise && compromise.loss < (worst?.loss ?? Number.POSITIVE_INFINITY)
      ? `; with ${compromise.bits} bits none loses ${compromise.loss < countsAsNothing ? "anything that counts" : `more than ${natsText(compromise.loss)}`}.`
      : ".";
  return `${spread}${lost}${middle}`;
}
