import fc from "fast-check";
import type {Law} from "../../src/laws/law.js";
import type {Point, VariableName} from "../../src/laws/variables.js";

/** Values at which every form has one: bits from 5 on, since published factors are negative below. */
const sampled: Record<Exclude<VariableName, "loss">, fc.Arbitrary<number>> = {
  parameters: logarithmic(1e6, 1e11),
  tokens: logarithmic(1e8, 1e13),
  weightBits: bitsFrom(5),
  activationBits: bitsFrom(5),
  cacheBits: bitsFrom(5),
  gradientBits: bitsFrom(5),
  exponentBits: bitsFrom(0, 6),
  mantissaBits: bitsFrom(0, 6),
  blockSize: logarithmic(2, 8192),
  postTrainingBits: bitsFrom(3, 5),
};

/** A point that has all variables of the law. */
export const pointOf = (law: Law): fc.Arbitrary<Point> =>
  fc.record(Object.fromEntries(law.variables.map((name) => [name, sampleOf(name)])));

export const sampleOf = (name: VariableName): fc.Arbitrary<number> => sampled[name as keyof typeof sampled];

/** The published constants or plausible ones, each moved by up to a tenth. */
export const constantsNear = (law: Law): fc.Arbitrary<Float64Array> =>
  fc
    .tuple(...law.constants.map(() => fc.double({min: 0.9, max: 1.1, noNaN: true})))
    .map((factors) => plausible(law).map((value, i) => value * factors[i]));

/** Published values, with something plausible for what is not published. */
export function plausible(law: Law): Float64Array {
  const values = law.published[0]?.values ?? {};
  return Float64Array.from(law.constants, ({name, starts}) => values[name] ?? starts[starts.length >> 1]);
}

function logarithmic(from: number, to: number): fc.Arbitrary<number> {
  return fc.double({min: Math.log(from), max: Math.log(to), noNaN: true}).map(Math.exp);
}

function bitsFrom(from: number, to = 16): fc.Arbitrary<number> {
  return fc.double({min: from, max: to, noNaN: true});
}
