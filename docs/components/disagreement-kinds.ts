/** Where a statement can be looked up. */
export interface Reference {
  readonly label: string;
  readonly url: string;
}

/** One thing on which libraries disagree. */
export interface DisagreementKind {
  readonly label: string;
  readonly question: string;
  /** Why there is more than one answer. */
  readonly reason: string;
  readonly references: readonly Reference[];
}

const issue = (repository: string, number: number): Reference => ({
  label: `${repository.split("/")[1]} #${number}`,
  url: `https://github.com/${repository}/issues/${number}`,
});

const ocpFp8: Reference = {
  label: "OCP FP8 1.0",
  url: "https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1",
};
const ocpMx: Reference = {
  label: "OCP MX 1.0",
  url: "https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf",
};
const onnxFloat8: Reference = {label: "ONNX, float8", url: "https://onnx.ai/onnx/technical/float8.html"};
const onnxFloat4: Reference = {label: "ONNX, float4", url: "https://onnx.ai/onnx/technical/float4.html"};
const mlDtypes: Reference = {label: "ml_dtypes", url: "https://github.com/jax-ml/ml_dtypes"};
const microxcaling: Reference = {label: "microxcaling", url: "https://github.com/microsoft/microxcaling"};
const unitScaling: Reference = {
  label: "unit-scaling",
  url: "https://github.com/graphcore-research/unit-scaling",
};
const chop: Reference = {label: "chop", url: "https://github.com/higham/chop"};
const cudaFp8: Reference = {
  label: "CUDA FP8 conversions",
  url: "https://docs.nvidia.com/cuda/cuda-math-api/cuda_math_api/group__CUDA__MATH__INTRINSIC__FP8.html",
};

/** The kinds of disagreement, in the order in which they are shown. */
export const disagreementKinds = {
  overflow: {
    label: "overflow",
    question: "What becomes of a number that rounds past the largest value?",
    reason:
      "IEEE 754 has infinity for it. E4M3 gave its infinity up for a larger range, and FP6 and FP4 have NaN neither, so " +
      "each library chose: NaN shows that something went wrong, the largest value lets training go on.",
    references: [
      ocpFp8,
      issue("jax-ml/ml_dtypes", 147),
      issue("jax-ml/ml_dtypes", 260),
      issue("pytorch/ao", 1912),
      issue("pytorch/pytorch", 178817),
    ],
  },
  infinity: {
    label: "infinity",
    question: "And of infinity itself?",
    reason:
      "Saturation is about numbers that are too large; whether infinity is one of them is open. ONNX's first tables said " +
      "yes for the OCP formats and no for the FNUZ ones; those of today say yes.",
    references: [issue("onnx/onnx", 6220), onnxFloat8, ocpFp8],
  },
  nan: {
    label: "NaN",
    question: "What is NaN in a format that has none?",
    reason:
      "FP6 and FP4 spend every code on a number, and OCP leaves NaN to the implementation. Zero hides it, the largest " +
      "value makes it loud, and neither is NaN.",
    references: [ocpMx, onnxFloat4, mlDtypes],
  },
  "negative zero": {
    label: "negative zero",
    question: "Does a zero keep its sign?",
    reason:
      "The FNUZ formats gave the code of −0 to NaN and have one zero. Elsewhere the sign of what became zero is kept, " +
      "unless the code of a library happens to lose it.",
    references: [ocpFp8, onnxFloat8],
  },
  ties: {
    label: "ties",
    question: "Nearest, but which of two equally near?",
    reason:
      "Most round ties to the even code, as IEEE 754 does. microxcaling's default sends them away from zero, and the " +
      "offset that unit-scaling adds before it cuts sends them toward zero. In narrow formats ties are common.",
    references: [microxcaling, unitScaling],
  },
  subnormals: {
    label: "subnormals",
    question: "Do the smallest numbers survive?",
    reason:
      "Below the smallest normal number the spacing stays the same and precision runs out. Keeping those numbers is the " +
      "rule; chop flushes them for bfloat16 by default, as some hardware does.",
    references: [chop, microxcaling],
  },
  name: {
    label: "name means another format",
    question: "What does “E4M3” mean?",
    reason:
      "Four exponent bits and three of mantissa leave open the bias, and whether the top codes are numbers. OCP reaches " +
      "448, an IEEE-like reading 240, and a bias of 8 halves everything.",
    references: [ocpFp8, mlDtypes, unitScaling, chop, issue("graphcore-research/unit-scaling", 45)],
  },
  "MX scale rule": {
    label: "MX scale rule",
    question: "Which power of two scales a block?",
    reason:
      "OCP's text takes the exponent of the block's maximum, which lets that maximum saturate in part of every binade. " +
      "The other rules go one up, always or in time, and pay with a bit at the small end.",
    references: [
      ocpMx,
      issue("pytorch/ao", 2035),
      issue("pytorch/ao", 1643),
      issue("Xilinx/brevitas", 1409),
      issue("ROCm/aiter", 3212),
    ],
  },
  "zero blocks": {
    label: "zero and tiny blocks",
    question: "What scales a block of zeros, or of next to nothing?",
    reason:
      "The formula divides by the maximum. Libraries take the smallest scale, keep the multiplier at 1 or add an " +
      "epsilon; some have divided by zero.",
    references: [issue("NVIDIA/TransformerEngine", 786), issue("pytorch/ao", 3356)],
  },
  "infinite blocks": {
    label: "infinite blocks",
    question: "And a block with an infinity in it?",
    reason:
      "E8M0 has a code for NaN and none for infinity. With the NaN code the whole block is lost; with the largest scale " +
      "the infinity saturates and everything else becomes zero.",
    references: [ocpMx, issue("pytorch/ao", 3356)],
  },
  "E8M0 rounding": {
    label: "E8M0 rounding",
    question: "How is a number rounded to a power of two?",
    reason:
      "A scale that is too small saturates the block's maximum, one that is too large loses a bit of everything else: " +
      "so it is rounded up, down or to nearest, by what one fears.",
    references: [ocpMx, cudaFp8, mlDtypes, issue("jax-ml/ml_dtypes", 298)],
  },
  "NVFP4 chain": {
    label: "NVFP4 chain",
    question: "In which order are the two NVFP4 scales computed?",
    reason:
      "The same formula in another order of float32 operations rounds differently on the way. What counts is whether the " +
      "stored E4M3 scale differs; and whether it may be zero, or is at least 2⁻⁶.",
    references: [
      {label: "TransformerEngine", url: "https://github.com/NVIDIA/TransformerEngine"},
      {label: "torchao", url: "https://github.com/pytorch/ao"},
    ],
  },
} as const satisfies Record<string, DisagreementKind>;

export type KindName = keyof typeof disagreementKinds;

export const kindNames = Object.keys(disagreementKinds) as KindName[];
