import type {UnitArithmetic} from "../src/kernels/reference/unit-gemm.js";
import {numberText} from "./number-text.js";
import {powerLabel} from "./power-label.js";
import type {SumGroup, SumTrace} from "./sum-trace.js";

export const phases = ["multiply", "align", "cut", "add", "round", "promote"] as const;
export type Phase = (typeof phases)[number];

/** One thing that happens to one group. */
export interface SumStep {
  /** Index of the group. */
  readonly group: number;
  readonly phase: Phase;
  /** What happens, with the numbers of this sum. */
  readonly sentence: string;
}

/** What the phases are called. */
export const phaseTitles: Readonly<Record<Phase, string>> = {
  multiply: "Multiply",
  align: "Align",
  cut: "Cut",
  add: "Add",
  round: "Shorten",
  promote: "Add outside",
};

/** Everything that happens to a small sum, one step after the other. */
export function sumSteps({groups}: SumTrace, arithmetic: UnitArithmetic): SumStep[] {
  return groups.flatMap((group, index) =>
    phases
      .filter((phase) => (phase === "promote" ? group.total !== undefined : group.commonExponent !== null))
      .map((phase) => ({
        group: index,
        phase,
        sentence: sentences[phase](group, arithmetic, index),
      })),
  );
}

type Sentence = (group: SumGroup, arithmetic: UnitArithmetic, index: number) => string;

const sentences: Readonly<Record<Phase, Sentence>> = {
  multiply: ({terms, commonExponent}) => {
    const addend = terms.find(({factors}) => !factors);
    const largest = terms.find(({exponent}) => exponent === commonExponent);
    const owner = largest?.factors ? "a product" : "the running sum";
    const product = "Each product is exact: 4 significant bits times 4 give at most 8.";
    const count = addend ? "The running sum is one more term." : "The step starts from zero.";
    return `${product} ${count} The largest exponent is ${numberText(commonExponent!)}, that of ${owner}.`;
  },
  align: ({commonExponent, unit}, {fractionBits}) =>
    `All terms are shifted until bits of equal weight stand below each other. Measured from ${powerLabel(commonExponent!)}, ` +
    `the largest exponent, ${fractionBits} further bits are kept, down to ${powerLabel(commonExponent! - fractionBits)} = ${numberText(unit!)}.`,
  cut: ({terms}) => {
    const losing = terms.filter(({lost}) => lost !== 0);
    if (losing.length === 0) return "No term reaches beyond the last kept bit, so nothing is lost.";
    const lost = losing.reduce((sum, term) => sum + term.lost, 0);
    return (
      `What lies further right is dropped, without rounding: ${losing.length} of ${terms.length} terms ` +
      `${losing.length === 1 ? "loses" : "lose"} bits, together ${numberText(lost)}.`
    );
  },
  add: ({sum, unit}) =>
    `What is left are integers, in units of ${numberText(unit!)}. Their sum is exact: ${numberText(sum)} · ${numberText(unit!)} = ${numberText(sum * unit!)}.`,
  round: ({lost, result}, {output}) => {
    const rule =
      output === "fp16"
        ? "The sum is rounded to the nearest FP16 number"
        : `The sum is shortened to ${output === "fp32" ? "24 significant bits, those of float32" : "14 significant bits"}`;
    const loss =
      lost === 0
        ? "which changes nothing"
        : `which ${lost > 0 ? "takes" : "adds"} another ${numberText(Math.abs(lost))}`;
    return `${rule}, ${loss}. The step returns ${numberText(result)}.`;
  },
  promote: ({before, result, total}) =>
    `The sum leaves the unit and is added outside, in ordinary float32: ${numberText(before!)} + ${numberText(result)} = ${numberText(total!)}, rounded to nearest.`,
};
