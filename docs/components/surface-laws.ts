import {lawOf} from "../src/laws/index.js";
import {constantsOf, type Law, type PublishedConstants} from "../src/laws/law.js";
import {layoutFor} from "../src/laws/layout.js";
import type {VariableName} from "../src/laws/variables.js";
import {axisNamed, togetherAxis} from "./axis-named.js";
import type {AxisValues} from "./surface-axis.js";
import type {SurfaceLaw} from "./surface-law.js";

/** The published laws that know of bits, each with the constants of its paper. */
export function publishedSurfaces(): SurfaceLaw[] {
  const floatConstants = lawOf("floating-point").published[0].values;
  return [
    publishedSurface(lawOf("precision"), {
      key: "kumar",
      title: "Kumar and others 2024: integers, trained",
      name: "Kumar’s law",
      start: {parameters: 6e7, tokens: 2.6e10},
      ranges: {parameters: [1e7, 1e10], tokens: [1e9, 1e13]},
      together: (bits) => ({weightBits: bits, activationBits: bits, cacheBits: bits}),
      note:
        "Integers in the forward pass: weights scaled by channel, activations and cache by tensor. The effects multiply " +
        "inside the number of parameters, and do not depend on the tokens.",
    }),
    publishedSurface(lawOf("floating-point"), {
      key: "sun",
      title: "Sun and others 2025: floating-point, trained",
      name: "Sun’s law",
      ranges: {parameters: [1e7, 1e11], tokens: [1e9, 1e14]},
      start: {parameters: 154_140_672, tokens: 1e11, exponentBits: 4, mantissaBits: 3, blockSize: 128},
      together: (bits) => ({...layoutFor(bits, floatConstants)}),
      note:
        "Floating-point numbers in blocks with a common scale, for weights and in the backward pass. The effect grows " +
        "with the tokens, D^β/N^α.",
    }),
  ];
}

function publishedSurface(
  law: Law,
  {
    start,
    ranges,
    ...names
  }: Pick<SurfaceLaw, "key" | "title" | "name" | "note" | "together"> & {
    readonly start: AxisValues;
    /** Wider than what was fitted: to sizes that the laws are asked about. */
    readonly ranges: Readonly<Partial<Record<VariableName, readonly [number, number]>>>;
  },
): SurfaceLaw {
  const [published] = law.published;
  const axes = law.variables.map((name) => axisNamed(name, ranges[name]));
  return {
    ...names,
    law,
    constants: constantsOf(law, published.values),
    scale: "published",
    axes: names.together ? [...axes, togetherAxis()] : axes,
    domain: {...published.domain, ...(names.together && {bits: bitDomain(published)})},
    start: {bits: 16, ...start},
  };
}

/** Where all operands may have a number of bits together. */
function bitDomain({domain}: PublishedConstants): readonly [number, number] {
  if (domain.exponentBits && domain.mantissaBits) return [3, 10];
  return domain.weightBits!;
}
