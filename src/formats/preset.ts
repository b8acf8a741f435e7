import type {Format} from "./format.js";
import {lookUp} from "./lookup.js";
import {parseFormat} from "./parse.js";
import {type Policy, type PolicyRules, saturating} from "./policy.js";
import type {RoundingMode} from "./rounding.js";

/** Behave like a library or a specification: what it does in a cast, and what it means by the names of formats. */
export interface Preset {
  /** One line. */
  readonly summary: string;
  /** Where the rules come from, and whether equality with the library itself has been tested. */
  readonly source: string;
  readonly policy: Policy;
  /** The rounding where none is named. */
  readonly rounding: RoundingMode;
  /** The rounding for some formats only: by kind, by specials, or by name, the last one stronger. */
  readonly roundings?: Readonly<Record<string, RoundingMode>>;
  /** Names that the library reads as another format than we do; the values are our names. */
  readonly names?: Readonly<Record<string, string>>;
}

const mlDtypesRules: PolicyRules = {
  nanReplacement: "opposite-zero",
  infiniteInput: "infinity",
  negativeInput: "nan",
  subnormalInput: "keep",
  finiteOverflow: "infinity",
  subnormalOutput: "keep",
  negativeZero: "keep",
  missingZero: "nan",
  integerOverflow: "saturate",
};

/** Of the values between 2^-127 and 2^-126, subnormals of float32, ml_dtypes keeps only the lower end. */
const mlDtypesOverrides = {e8m0: {subnormalInput: "zero-or-normal"}} as const;

const ocpRules: Policy = {
  ...mlDtypesRules,
  nanReplacement: "largest",
  negativeInput: "zero",
  overrides: {integer: {nanReplacement: "zero"}},
};

/** Presets by name. */
export const presets = {
  default: {
    summary: "ml_dtypes for floats; integers are rounded to nearest even and saturate, NaN becomes 0",
    source: "our own choice",
    policy: {...mlDtypesRules, overrides: mlDtypesOverrides},
    rounding: "nearest-even",
    roundings: {e8m0: "nearest-away"},
  },
  ml_dtypes: {
    summary: "the casts of the ml_dtypes library; integers are cut toward zero and wrap",
    source: "ml_dtypes 0.6.0",
    policy: {...mlDtypesRules, integerOverflow: "wrap", overrides: mlDtypesOverrides},
    rounding: "nearest-even",
    roundings: {integer: "zero", e8m0: "nearest-away"},
  },
  ocp: {
    summary: "OCP FP8 and MX specifications without saturation; NaN into FP6 and FP4 as NVIDIA GPUs do it",
    source: "OCP 8-bit Floating Point Specification 1.0; OCP Microscaling Formats 1.0",
    policy: ocpRules,
    rounding: "nearest-even",
    names: {e4m3: "e4m3fn"},
  },
  "ocp-saturate": {
    summary: "OCP FP8 and MX specifications with saturation",
    source: "OCP 8-bit Floating Point Specification 1.0; OCP Microscaling Formats 1.0",
    policy: saturating(ocpRules),
    rounding: "nearest-even",
    names: {e4m3: "e4m3fn"},
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

/** The policies of the presets. */
export const policies = Object.fromEntries(
  Object.entries(presets).map(([name, {policy}]) => [name, policy]),
) as Readonly<Record<PresetName, Policy>>;

/** @throws a usage error that lists the presets */
export const parsePreset = (name: string): Preset => presets[lookUp("policy", presets, name)];

/** @throws a usage error that lists the presets */
export const parsePolicy = (name: string): Policy => parsePreset(name).policy;

/** The rounding that the library uses for a format where the caller names none. */
export function presetRounding({rounding, roundings = {}}: Preset, format: Format): RoundingMode {
  const specials = format.kind === "float" ? roundings[format.specials] : undefined;
  return roundings[format.name] ?? specials ?? roundings[format.kind] ?? rounding;
}

/**
 * The format that the library means by a name.
 * @throws a usage error for unknown names
 */
export function presetFormat({names = {}}: Preset, name: string): Format {
  const key = name.trim().toLowerCase();
  return parseFormat(names[key] ?? key);
}
