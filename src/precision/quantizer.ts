import type {CastRules} from "../formats/cast.js";
import {formatProperties} from "../formats/derived.js";
import type {Format} from "../formats/format.js";
import {type Policy, saturating} from "../formats/policy.js";
import {type Preset, type PresetName, parsePreset, presetFormat, presetRounding} from "../formats/preset.js";
import {isStochastic, type RoundingMode} from "../formats/rounding.js";
import type {Address, Kernels} from "../kernels/kernels.js";
import type {RandomPlace} from "../kernels/reference/random.js";
import {type CastConstants, castConstants, leavesAllAsIs, writeConstants} from "./cast-constants.js";
import {tensorScale} from "./scaling.js";

export {castBytes} from "./cast-constants.js";

/** `none`, or `tensor`: one power of two for the whole tensor, from its present largest magnitude. */
export type Scaling = "none" | "tensor";

export interface QuantizerOptions {
  /** The preset's choice for the format where none is named; nearest even with a policy of one's own. */
  readonly rounding?: RoundingMode;
  /** Random bits of the stochastic modes, 1 to 32; see `roundings` for what happens without. */
  readonly bits?: number;
  /** Address of the random bits of the stochastic modes: the bits of element i follow from it and i. */
  readonly random?: RandomPlace;
  /** A policy, or the name of a preset, which also decides what names of formats mean. */
  readonly policy?: Policy | PresetName;
  /** What lies beyond the largest value becomes the largest value, whatever the policy. */
  readonly saturate?: boolean;
  readonly scaling?: Scaling;
}

/** How a tensor is cast: plain data, complete with what the kernels are given. */
export interface Quantizer {
  readonly format: Format;
  readonly rounding: RoundingMode;
  /** Random bits of the stochastic modes; undefined for the mode's own choice. */
  readonly bits: number | undefined;
  readonly random: RandomPlace;
  readonly policy: Policy;
  readonly scaling: Scaling;
  /** Largest finite value of the format. */
  readonly largest: number;
  /** Whether the cast leaves every value as it is. */
  readonly isIdentity: boolean;
  readonly constants: CastConstants;
}

/**
 * @param format a format or the name of one
 * @throws a usage error for an unknown format, or one that does not lie within float32
 */
export function quantizer(
  format: Format | string,
  {
    rounding,
    bits,
    random = {seed: 0, stream: 0, step: 0},
    policy = "default",
    saturate = false,
    scaling = "none",
  }: QuantizerOptions = {},
): Quantizer {
  const preset = typeof policy === "string" ? parsePreset(policy) : {...ownPreset, policy};
  const target = typeof format === "string" ? presetFormat(preset, format) : format;
  const rules: CastRules = {
    rounding: rounding ?? presetRounding(preset, target),
    policy: saturate ? saturating(preset.policy) : preset.policy,
    bits,
  };
  return {
    format: target,
    ...{rounding: rules.rounding, bits, random, policy: rules.policy, scaling},
    largest: formatProperties(target).largest,
    isIdentity: leavesAllAsIs(target, rules),
    constants: castConstants(target, rules),
  };
}

const ownPreset = {summary: "", source: "", rounding: "nearest-even"} satisfies Omit<Preset, "policy">;

/** Whether the cast leaves every value as it is, so that a caller can leave it out. */
export const isIdentity = (quantizer: Quantizer): boolean => quantizer.isIdentity;

/** Which random bits a stochastic cast uses; without effect on the deterministic modes. */
export interface CastPlace {
  /** In place of the quantizer's own address. */
  readonly random?: RandomPlace;
  /** Index of the first element. */
  readonly startIndex?: number;
  /** Address of a word of random bits for each element, in place of those of `random`. */
  readonly words?: Address;
}

/**
 * Casts `count` floats at `input` to `output`, which may be the same address. Allocates nothing.
 * With `scaling`, values are multiplied by the scale before the cast and divided by it afterwards.
 */
export function quantize(
  kernels: Kernels,
  quantizer: Quantizer,
  input: Address,
  output: Address,
  count: number,
  place?: CastPlace,
): void {
  if (quantizer.isIdentity) {
    if (input !== output) new Uint8Array(kernels.memory.buffer).copyWithin(output, input, input + 4 * count);
    return;
  }
  const isScaled = quantizer.scaling === "tensor";
  const scale = isScaled ? tensorScale(quantizer.largest, kernels.largestMagnitude(input, count)) : 1;
  quantizeScaled(kernels, quantizer, input, output, count, scale, place);
}

/** output = cast(input · scale) / scale for any finite scale but zero, whatever the quantizer's `scaling`. */
export function quantizeScaled(
  kernels: Kernels,
  quantizer: Quantizer,
  input: Address,
  output: Address,
  count: number,
  scale: number,
  {random, startIndex = 0, words = 0}: CastPlace = {},
): void {
  const cast = preparedCast(kernels, quantizer, random);
  kernels.castWith(cast, input, output, count, scale, startIndex, words);
}

/**
 * Writes what the kernels need for the quantizer to `address`, `castBytes` long. From then on
 *
 *     kernels.castWith(address, x, out, count, scale, startIndex, words)
 *
 * is out = cast(x · scale) / scale, in one cheap call for any number of small blocks, each with a scale of its own;
 * `startIndex` is the index of x[0] in its tensor (it matters to stochastic modes only, 0 will do for others) and `words`
 * 0, or the address of a random word for each element. Kernels written in AssemblyScript import `castFour` from
 * assembly/cast-vector.ts, the cast of four values in registers with the same prepared cast, or `roundByAddition`,
 * which is inlined: ties to even for magnitudes that cannot overflow.
 */
export function prepareCast(kernels: Kernels, quantizer: Quantizer, address: Address): void {
  writeConstants(quantizer.constants, {buffer: kernels.memory.buffer, address});
  setRandom(kernels, address, quantizer.random);
}

function setRandom(kernels: Kernels, cast: Address, {seed, stream, step}: RandomPlace): void {
  kernels.setRoundingKey(cast, seed, stream, step);
}

/** What lies in the slot of some kernels. */
const slots = new WeakMap<WebAssembly.Memory, CastConstants>();

/**
 * The address of the prepared cast of a quantizer, with the random bits of `random` or else its own, until kernels cast with
 * another.
 */
export function preparedCast(
  kernels: Kernels,
  quantizer: Quantizer,
  random: RandomPlace = quantizer.random,
): Address {
  const address = kernels.castSlot();
  if (slots.get(kernels.memory) !== quantizer.constants) {
    prepareCast(kernels, quantizer, address);
    slots.set(kernels.memory, quantizer.constants);
  }
  if (isStochastic(quantizer.rounding)) setRandom(kernels, address, random);
  return address;
}
