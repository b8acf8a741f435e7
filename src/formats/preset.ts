import type {Format} from "./format.js";
import {lookUp} from "./lookup.js";
import {parseFormat} from "./parse.js";
import type {Policy, PolicyRules} from "./policy.js";
import type {RoundingMode} from "./rounding.js";

/** The steps at which a cast decides what becomes of a value. */
export type Decision =
  | "nan"
  | "infinity"
  | "zero"
  | "negative"
  | "overflow"
  | "subnormal"
  | "exact"
  | "tie"
  | "inexact";

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
  /** Names of ours for the formats that the library has; all, if it has any. */
  readonly formats?: readonly string[];
  /** Its rounding to nearest, where `rounding` is stochastic. */
  readonly nearest?: RoundingMode;
  /** Where the library says or shows what it does at a step; `source` for all others. */
  readonly references?: Readonly<Partial<Record<Decision | "reading", string>>>;
  /** Our name for what the library means by a lower-case name, where it means something else than we do. */
  readonly names?: Readonly<Record<string, string>> | ((name: string) => string | undefined);
}

/** Rules that most libraries share: overflow to infinity or NaN, everything else kept. */
const commonRules: PolicyRules = {
  nanReplacement: "largest",
  infiniteInput: "infinity",
  negativeInput: "zero",
  subnormalInput: "keep",
  finiteOverflow: "infinity",
  subnormalOutput: "keep",
  negativeZero: "keep",
  missingZero: "smallest",
  integerOverflow: "saturate",
  arithmetic: "exact",
};

/** Integers as a C cast of the value makes them: cut toward zero, modulo 2^bits, 0 for NaN and infinities. */
const asInC = {nanReplacement: "zero", integerOverflow: "wrap"} as const;

/** Integers that saturate, NaN becomes 0. */
const clamped = {nanReplacement: "zero", integerOverflow: "saturate", infiniteInput: "largest"} as const;

const saturation = {finiteOverflow: "largest", infiniteInput: "largest"} as const;

/** Of the values between 2^-127 and 2^-126, subnormals of float32, both keep only the lower end. */
const e8m0Inputs = {subnormalInput: "zero-or-normal"} as const;

/** Overflow as in IEEE 754: directed roundings that point towards zero stop at the largest value. */
const directedRules: PolicyRules = {...commonRules, finiteOverflow: "by-rounding"};

const mlDtypesRules: PolicyRules = {
  ...directedRules,
  nanReplacement: "opposite-zero",
  negativeInput: "nan",
  missingZero: "nan",
};

const ocpRules: Policy = {...directedRules, overrides: {integer: clamped, codebook: clamped}};

const torchRules: PolicyRules = {...commonRules, negativeInput: "magnitude"};

const p3109Rules: Policy = {...commonRules, negativeZero: "drop", overrides: {integer: clamped}};

const gfloatRules: PolicyRules = {...commonRules, nanReplacement: "nan-anyway"};

/** What "E4M3" means to those who follow the OCP specification. */
const ocpNames = {e4m3: "e4m3fn"} as const;

const ocpFormats = ["e5m2", "e4m3fn", "e3m2", "e2m3", "e2m1", "e8m0", "mxint8"];
const fnuzFormats = ["e4m3fnuz", "e5m2fnuz"];
const wideFormats = ["bf16", "fp16", "fp32"];
const bytes = ["int8", "uint8"];
const p3109Formats = Array.from({length: 7}, (_, i) => `binary8p${i + 1}se`);

const microxcalingRules: PolicyRules = {
  ...commonRules,
  nanReplacement: "nan-anyway",
  infiniteInput: "infinity-anyway",
  finiteOverflow: "infinity-anyway",
  negativeZero: "drop-input",
};

const microxcaling = {
  rounding: "nearest-away",
  // Its integers are fixed point in [-2, 2] without the most negative code.
  names: {...ocpNames, int8: "fixed8.6sym", mxint8: "fixed8.6sym", int4: "fixed4.2sym", int2: "int2sym"},
  formats: [
    ...["e5m2", "e4m3fn", "e3m2", "e2m3", "e2m1", "fp16", "bf16"],
    ...["fixed8.6sym", "fixed4.2sym", "int2sym"],
  ],
  references: {
    tie: "microxcaling, elemwise_ops.py: floor(|x| + 1/2)",
    overflow: "microxcaling, elemwise_ops.py: saturate_normals is off by default",
    reading: "microxcaling, formats.py",
  },
} as const;

/** Presets by name. */
export const presets = {
  default: {
    summary: "as ml_dtypes for floats; integers round to nearest even and saturate, NaN becomes 0",
    source: "our own choice",
    policy: {...mlDtypesRules, overrides: {e8m0: e8m0Inputs}},
    rounding: "nearest-even",
    roundings: {e8m0: "nearest-away"},
  },
  ml_dtypes: {
    summary: "ml_dtypes: infinity or NaN beyond the range; integers cut toward zero and wrap",
    source: "ml_dtypes 0.6.0; equal to it in every format",
    policy: {...mlDtypesRules, overrides: {e8m0: e8m0Inputs, integer: asInC}},
    rounding: "nearest-even",
    roundings: {integer: "zero", e8m0: "nearest-away"},
    formats: [
      ...[
        ...wideFormats,
        "e5m2",
        "e4m3fn",
        "e4m3",
        "e3m4",
        ...fnuzFormats,
        "e4m3b11fnuz",
        "e3m2",
        "e2m3",
        "e2m1",
      ],
      ...["e8m0", ...bytes, "int4", "int2", "uint4", "uint2"],
    ],
    references: {
      reading: "ml_dtypes: float8_e4m3 is the IEEE-like type, float8_e4m3fn that of OCP",
      nan: "ml_dtypes 0.6.0: NaN into FP6 and FP4 gives the zero of the opposite sign",
    },
  },
  ocp: {
    summary:
      "OCP FP8 and MX without saturation; NaN into FP6 and FP4, left open there, becomes the largest value",
    source:
      "OCP 8-bit Floating Point Specification 1.0, section 5.2; OCP Microscaling Formats 1.0, section 5.3",
    policy: ocpRules,
    rounding: "nearest-even",
    roundings: {e8m0: "zero"},
    names: ocpNames,
    formats: ocpFormats,
  },
  "ocp-saturate": {
    summary: "OCP FP8 and MX with saturation",
    source:
      "OCP 8-bit Floating Point Specification 1.0, section 5.2; OCP Microscaling Formats 1.0, section 5.3",
    policy: {...ocpRules, ...saturation},
    rounding: "nearest-even",
    roundings: {e8m0: "zero"},
    names: ocpNames,
    formats: ocpFormats,
  },
  onnx: {
    summary: "ONNX Cast with saturate=1, its default; E8M0 rounds up",
    source:
      "ONNX 1.23, tables of Cast and of float4; equal to the reference implementation, save for infinity and " +
      "subnormal float32 into E8M0 and NaN into FP4, where the tables are followed; older tables had NaN for infinity into FNUZ (onnx#6220)",
    policy: {
      ...commonRules,
      ...saturation,
      negativeInput: "magnitude",
      overrides: {integer: asInC, none: {nanReplacement: "largest"}},
    },
    rounding: "nearest-even",
    roundings: {integer: "zero", e8m0: "away"},
    names: ocpNames,
    formats: [...wideFormats, "e5m2", "e4m3fn", ...fnuzFormats, "e2m1", "e8m0", ...bytes, "int4", "uint4"],
    references: {nan: "ONNX, technical/float4: NaN becomes 6", infinity: "ONNX, tables of Cast; onnx#6220"},
  },
  "onnx-nonsaturating": {
    summary: "ONNX Cast with saturate=0; E8M0 rounds to nearest, ties up",
    source:
      "ONNX 1.23, tables of Cast and of float4; equal to the reference implementation, save for NaN into FP4",
    policy: {
      ...commonRules,
      negativeInput: "magnitude",
      missingZero: "nan",
      overrides: {integer: asInC, none: saturation},
    },
    rounding: "nearest-even",
    roundings: {integer: "zero", e8m0: "nearest-away"},
    names: ocpNames,
    formats: [...wideFormats, "e5m2", "e4m3fn", ...fnuzFormats, "e2m1", "e8m0", ...bytes, "int4", "uint4"],
    references: {nan: "ONNX, technical/float4: NaN becomes 6", infinity: "ONNX, tables of Cast; onnx#6220"},
  },
  torch: {
    summary: "PyTorch from 2.13: E4M3FN saturates, other FP8 types overflow to infinity or NaN",
    source: "PyTorch 2.13.0 on a CPU; equal to it in every format; pytorch#178817",
    policy: {
      ...torchRules,
      overrides: {integer: asInC, e4m3fn: saturation, e8m0: e8m0Inputs},
    },
    rounding: "nearest-even",
    roundings: {integer: "zero", e8m0: "nearest-away"},
    names: ocpNames,
    formats: [...wideFormats, "e5m2", "e4m3fn", ...fnuzFormats, "e8m0", ...bytes],
    references: {overflow: "pytorch#178817, ao#1912", infinity: "pytorch#178817, ao#1912"},
  },
  "torch-old": {
    summary: "PyTorch before E4M3FN saturated: NaN above 464",
    source: "numbers in ao#1912; not run here; apart from E4M3FN as torch",
    policy: {...torchRules, overrides: {integer: asInC, e8m0: e8m0Inputs}},
    rounding: "nearest-even",
    roundings: {integer: "zero", e8m0: "nearest-away"},
    names: ocpNames,
    formats: [...wideFormats, "e5m2", "e4m3fn", ...fnuzFormats, "e8m0", ...bytes],
    references: {overflow: "pytorch#178817, ao#1912", infinity: "pytorch#178817, ao#1912"},
  },
  "transformer-engine": {
    summary: "TransformerEngine: saturates, infinities too; NaN into FP4 becomes 0",
    source:
      "TransformerEngine 2.20: FP4 equal to its Python reference, FP8 after the documentation of the saturating " +
      "conversions of CUDA",
    policy: {
      ...commonRules,
      ...saturation,
      overrides: {integer: clamped, e2m1: {nanReplacement: "zero", negativeZero: "drop-input"}},
    },
    rounding: "nearest-even",
    roundings: {e8m0: "away"},
    names: ocpNames,
    formats: [...wideFormats, "e5m2", "e4m3fn", "e2m1", "e8m0"],
    references: {
      nan: "TransformerEngine, reference_nvfp4.py: NaN matches no comparison",
      zero: "TransformerEngine, reference_nvfp4.py: -0 is not below -0.0",
    },
  },
  microxcaling: {
    ...microxcaling,
    summary:
      "microxcaling without blocks: half away, infinity beyond the range of floats, whether they have it or not",
    source: "microxcaling, _quantize_elemwise; equal to it with nearest, even and floor, defects included",
    policy: {...microxcalingRules, arithmetic: "float32"},
  },
  "microxcaling-corrected": {
    ...microxcaling,
    summary:
      "microxcaling without the two defects of its float32 arithmetic: half away, infinity beyond the range of floats, whether they have it or not",
    source: "microxcaling, _quantize_elemwise; not its results where its logarithm or its half is rounded",
    policy: microxcalingRules,
  },
  "unit-scaling": {
    summary: "unit-scaling's FPFormat: no special codes, saturates; nearest has ties toward zero",
    source: "unit-scaling, formats.py; equal to it with nearest and stochastic rounding; NaN by class",
    policy: {
      ...commonRules,
      ...saturation,
      nanReplacement: "nan-anyway",
      subnormalInput: "float32-shifted",
    },
    rounding: "stochastic",
    names: (name) => {
      const [, exponents, mantissas] = /^e(\d+)m(\d+)$/.exec(name) ?? [];
      return exponents && Number(exponents) > 1
        ? `e${exponents}m${mantissas}b${1 << (Number(exponents) - 1)}none`
        : undefined;
    },
    nearest: "nearest-zero",
    references: {
      reading: "unit-scaling, formats.py: FPFormat.max_absolute_value",
      tie: "unit-scaling, formats.py: the offset is mask // 2",
    },
  },
  chop: {
    summary: "chop: IEEE-like formats; bf16 has no subnormals; values below the smallest are rounded twice",
    source: "Higham and Pranesh, 2019; equal to pychop's Chop_ with the four deterministic modes",
    policy: {
      ...commonRules,
      nanReplacement: "nan-anyway",
      finiteOverflow: "by-rounding-or-chance",
      negativeZero: "drop",
      subnormalInput: "rounded-first",
      overrides: {bf16: {subnormalOutput: "rounded-twice"}},
    },
    rounding: "nearest-even",
    names: {"fp8-e4m3": "e4m3", "fp8-e5m2": "e5m2", b: "bf16", h: "fp16", s: "fp32", d: "fp64"},
    formats: ["e4m3", "e5m2", ...wideFormats],
    references: {
      reading: "chop: q43 has emax 7",
      subnormal:
        "chop: subnormals are off for bfloat16 by default; values below the smallest are rounded twice",
      zero: "chop: values below the smallest become +0",
    },
  },
  gfloat: {
    summary:
      "gfloat with sat=False: overflow by the rounding mode; where gfloat raises an error, the largest value",
    source:
      "gfloat 0.5.2, round_ndarray; equal to it in every format and mode, for unsigned formats without negatives",
    policy: {...gfloatRules, finiteOverflow: "by-rounding"},
    rounding: "nearest-even",
    names: ocpNames,
    formats: [...ocpFormats, ...wideFormats],
  },
  "gfloat-saturate": {
    summary: "gfloat with sat=True",
    source:
      "gfloat 0.5.2, round_ndarray; equal to it in every format and mode, for unsigned formats without negatives",
    policy: {...gfloatRules, ...saturation},
    rounding: "nearest-even",
    names: ocpNames,
    formats: [...ocpFormats, ...wideFormats],
  },
  "p3109-saturate-finite": {
    summary: "P3109 SatFinite: clamps finite and infinite values",
    source: "IEEE P3109 interim report, saturation modes; not run here",
    policy: {...p3109Rules, ...saturation},
    rounding: "nearest-even",
    formats: p3109Formats,
  },
  "p3109-saturate-propagate": {
    summary: "P3109 SatPropagate: clamps finite values, infinity stays where the format has it",
    source: "IEEE P3109 interim report, saturation modes; not run here",
    policy: {...p3109Rules, finiteOverflow: "largest", infiniteInput: "infinity-or-largest"},
    rounding: "nearest-even",
    formats: p3109Formats,
  },
  "p3109-overflow-infinity": {
    summary: "P3109 OvfInf: infinity where the format has it, unless the rounding mode points inward",
    source: "IEEE P3109 interim report, saturation modes; not run here",
    policy: {...p3109Rules, finiteOverflow: "by-rounding-or-largest", infiniteInput: "infinity-or-largest"},
    rounding: "nearest-even",
    formats: p3109Formats,
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
  const meant = typeof names === "function" ? names(key) : Object.hasOwn(names, key) ? names[key] : undefined;
  return parseFormat(meant ?? key);
}
