/** A question that libraries answer differently. */
export interface Disagreement {
  readonly question: string;
  readonly topic: "overflow" | "special values" | "format" | "rounding" | "subnormals" | "scaling";
  readonly answers: readonly {readonly answer: string; readonly libraries: string}[];
  /** Where it is discussed or written down. */
  readonly reference: string;
  /** A value and the name of a format for which `libraryReadings` shows the difference; scaling has none. */
  readonly example?: {readonly value: number; readonly format: string};
}

/** Where libraries disagree on what has one name. */
export const disagreements: readonly Disagreement[] = [
  {
    question: "E4M3 input that rounds past 448",
    topic: "overflow",
    answers: [
      {answer: "NaN", libraries: "ml_dtypes, older PyTorch, OCP without saturation"},
      {answer: "448", libraries: "PyTorch from 2.13, Triton, TransformerEngine, ONNX by default"},
      {answer: "infinity, which the format does not have", libraries: "microxcaling outside of blocks"},
      {answer: "a flag of the caller", libraries: "gfloat, ONNX"},
    ],
    reference: "ao#1912, pytorch#178817",
    example: {value: 500, format: "e4m3fn"},
  },
  {
    question: "Infinity into a FNUZ type, with saturation on",
    topic: "special values",
    answers: [
      {answer: "the largest value", libraries: "ONNX 1.23, its tables and its code"},
      {answer: "NaN", libraries: "older tables of ONNX"},
    ],
    reference: "onnx#6220",
    example: {value: Number.POSITIVE_INFINITY, format: "e4m3fnuz"},
  },
  {
    question: "NaN into FP4 or FP6, which have none",
    topic: "special values",
    answers: [
      {answer: "the zero of the opposite sign", libraries: "ml_dtypes"},
      {answer: "the largest value", libraries: "ONNX, NVIDIA's conversions"},
      {answer: "zero", libraries: "TransformerEngine's Python reference"},
      {answer: "NaN stays", libraries: "microxcaling, unit-scaling, gfloat for arrays"},
      {answer: "an error", libraries: "gfloat for scalars"},
    ],
    reference: "ONNX, technical/float4; TransformerEngine, reference_nvfp4.py",
    example: {value: Number.NaN, format: "e2m1"},
  },
  {
    question: 'What "E4M3" means',
    topic: "format",
    answers: [
      {answer: "bias 7, largest 448, NaN, no infinity", libraries: "OCP, PyTorch, ONNX, TransformerEngine"},
      {answer: "bias 8, largest 240, no special codes", libraries: "unit-scaling"},
      {answer: "bias 7, largest 240, infinities", libraries: "chop, ml_dtypes' float8_e4m3"},
      {answer: "largest exponent 8", libraries: "CPFloat from 0.6"},
    ],
    reference: "OCP 8-bit Floating Point Specification 1.0; unit-scaling, formats.py; chop",
    example: {value: 300, format: "e4m3"},
  },
  {
    question: 'What "nearest" does with ties',
    topic: "rounding",
    answers: [
      {answer: "to even", libraries: "most"},
      {answer: "away from zero", libraries: "microxcaling by default"},
      {answer: "toward zero", libraries: "unit-scaling"},
    ],
    reference: "microxcaling, elemwise_ops.py; unit-scaling, formats.py",
    example: {value: 2.5, format: "e2m1"},
  },
  {
    question: "Subnormals of bfloat16",
    topic: "subnormals",
    answers: [
      {answer: "kept", libraries: "most"},
      {answer: "zero or the smallest normal value, by default", libraries: "chop"},
    ],
    reference: "chop, options of bfloat16",
    example: {value: 4e-39, format: "bf16"},
  },
  {
    question: "-0 into a format that has it",
    topic: "special values",
    answers: [
      {answer: "-0", libraries: "most"},
      {
        answer: "+0, but negative values that vanish become -0",
        libraries: "microxcaling, TransformerEngine for FP4",
      },
      {answer: "+0, also for values that vanish", libraries: "chop"},
    ],
    reference: "TransformerEngine, reference_nvfp4.py; microxcaling, elemwise_ops.py",
    example: {value: -0, format: "e5m2"},
  },
  {
    question: "Rounding a value to E8M0",
    topic: "rounding",
    answers: [
      {answer: "to nearest, ties up", libraries: "ml_dtypes, PyTorch"},
      {answer: "up", libraries: "CUDA, TransformerEngine, ONNX by default"},
      {answer: "down", libraries: "OCP text"},
    ],
    reference: "ONNX, Cast: round_mode; OCP Microscaling Formats 1.0, section 6.3",
    example: {value: 2.5, format: "e8m0"},
  },
  {
    question: "A number beyond the range of an integer type",
    topic: "overflow",
    answers: [
      {answer: "modulo 2^bits, after a cut toward zero", libraries: "ml_dtypes, NumPy, PyTorch, ONNX Cast"},
      {answer: "the nearest end of the range", libraries: "microxcaling, quantization operators"},
    ],
    reference: "ONNX, Cast; microxcaling, elemwise_ops.py",
    example: {value: 300.7, format: "int8"},
  },
  {
    question: "What int8 means as an element of a block",
    topic: "format",
    answers: [
      {answer: "integers from -128 to 127", libraries: "most"},
      {answer: "multiples of 1/64 from -2", libraries: "OCP MX"},
      {answer: "multiples of 1/64 within ±1.984375", libraries: "microxcaling"},
    ],
    reference: "OCP Microscaling Formats 1.0, section 5.3.4; microxcaling, formats.py",
    example: {value: 0.7, format: "int8"},
  },
  {
    question: "Scale of an MX block",
    topic: "scaling",
    answers: [
      {answer: "floor of log2 of the largest magnitude", libraries: "OCP text, gfloat, microxcaling"},
      {
        answer: "rounded up, so that nothing saturates (RCEIL)",
        libraries: "NVIDIA libraries, TransformerEngine",
      },
      {answer: "ceil or even, as chosen", libraries: "torchao"},
      {answer: "what makes the error of the largest value smallest (midmax)", libraries: "brevitas"},
    ],
    reference: "ao#2035, brevitas#1409",
  },
  {
    question: "A block of zeros, or of tiny values",
    topic: "scaling",
    answers: [
      {answer: "the smallest scale, 2^-127", libraries: "gfloat, torchao"},
      {answer: "an epsilon is added to the largest magnitude", libraries: "DeepSeek-V3 kernels"},
      {answer: "the reciprocal of the scale is replaced by 1", libraries: "TransformerEngine"},
    ],
    reference: "TE#786, ao#3356",
  },
  {
    question: "An infinity in an MX block",
    topic: "scaling",
    answers: [
      {answer: "the scale is NaN, and so is the block", libraries: "torchao, microxcaling"},
      {answer: "the largest scale", libraries: "TransformerEngine"},
    ],
    reference: "torchao, mx_tensor.py; TransformerEngine, quantize kernels",
  },
  {
    question: "Lower limit of the scale of an NVFP4 block",
    topic: "scaling",
    answers: [
      {answer: "2^-6", libraries: "torchao"},
      {answer: "none, zero is allowed", libraries: "TransformerEngine"},
    ],
    reference: "torchao, nvfp4_tensor.py; TransformerEngine, reference_nvfp4.py",
  },
];
