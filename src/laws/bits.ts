import {type Law, valuesByName} from "./law.js";
import {layoutFor} from "./layout.js";
import type {Point, VariableName} from "./variables.js";

/** What operands that are not rounded count as. */
const bitsWithoutRounding = 16;

const multipliedBits: readonly VariableName[] = ["weightBits", "activationBits"];
const operandBits: readonly VariableName[] = [...multipliedBits, "cacheBits", "gradientBits"];

const asBits = (bits = Number.POSITIVE_INFINITY): number =>
  bits === Number.POSITIVE_INFINITY ? bitsWithoutRounding : bits;

/** The point with all that the law rounds while training at P bits; a float's bits are split as the law likes best. */
export function withBits(law: Law, constants: ArrayLike<number>, point: Point, bits: number): Point {
  if (law.variables.includes("exponentBits")) {
    const {delta = 1, nu = 1} = valuesByName(law, constants);
    return {...point, ...layoutFor(bits, {delta, nu})};
  }
  const operands = law.variables.filter((name) => operandBits.includes(name));
  return {...point, ...Object.fromEntries(operands.map((name) => [name, bits]))};
}

/**
 * P of the products in training: E + M + 1 of floats, else the mean over weights and activations, as far as the law knows
 * them. What is not rounded counts as 16 bits. The papers count all operands at the same P; the mean of different ones is
 * ours.
 */
export function trainingBits({variables}: Law, point: Point): number {
  if (variables.includes("exponentBits")) return floatBits(point);
  let sum = 0;
  let count = 0;
  // A loop without arrays: a surface asks for every one of its points while it is dragged.
  for (const name of multipliedBits) {
    if (!variables.includes(name)) continue;
    sum += asBits(point[name]);
    count++;
  }
  return count === 0 ? bitsWithoutRounding : sum / count;
}

/** Bits of a weight as it is stored: those after training where there are any, else those of training. */
export function storedBits(law: Law, point: Point): number {
  const {postTrainingBits = Number.POSITIVE_INFINITY, weightBits} = point;
  const trained = law.variables.includes("exponentBits") ? floatBits(point) : asBits(weightBits);
  return law.variables.includes("postTrainingBits") ? Math.min(asBits(postTrainingBits), trained) : trained;
}

const floatBits = ({exponentBits = Infinity, mantissaBits = Infinity}: Point): number =>
  asBits(exponentBits + mantissaBits + 1);
