import {castValue} from "../src/formats/cast.js";
import {decode} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import {parseFormat} from "../src/formats/parse.js";
import {powerOfTwo} from "../src/formats/power-of-two.js";
import {presets} from "../src/formats/preset.js";
import type {Kernels} from "../src/kernels/kernels.js";
import {type BlockScale, blockScale, outerScale} from "../src/kernels/reference/block-scales.js";
import {parseScaling} from "../src/precision/parse-scaling.js";
import {scaleConstants} from "../src/precision/scaling.js";
import {encodeBits} from "./code-bits.js";
import type {Answer, DisagreementCase} from "./disagreement-case.js";
import {libraryAnswers, valueText} from "./library-answers.js";
import {powerLabel} from "./power-label.js";

/** Cases about the scales of blocks, each computed by the library. */
export function scaleCases(kernels: Kernels): DisagreementCase[] {
  return [
    ...ruleCases(),
    ...emptyBlockCases(),
    ...infiniteBlockCases(),
    ...powerCases(),
    ...chainCases(kernels),
  ];
}

const e8m0 = parseFormat("e8m0");

/** Who scales MX blocks how, by the text of the scaling. */
const mxScalings: Readonly<Record<string, string>> = {
  "OCP text": "mx,floor",
  gfloat: "mx,gfloat",
  microxcaling: "mx,microxcaling",
  "torchao (FLOOR)": "mx,floor,torchao",
  "torchao (CEIL)": "mx,ceil,torchao",
  "torchao (RCEIL)": "mx,rceil,torchao",
  "torchao (EVEN)": "mx,even,torchao",
  TransformerEngine: "mx,transformer-engine",
  "brevitas (midmax)": "mx,midmax",
};

const ruleReasons: Readonly<Record<string, string>> = {
  floor: "the exponent of the maximum, less that of the largest element",
  ceil: "the exponent of the maximum rounded up, less that of the largest element",
  rceil: "maximum over largest element, rounded up to a power of two",
  even: "as floor, after the maximum was rounded to the element's mantissa",
  midmax: "one up where the maximum is nearer to the next binade than to the largest element",
};

function scaleOf(scaling: string, element: string, amax: number, outerAmax = amax): BlockScale {
  const parsed = parseScaling(scaling);
  const constants = scaleConstants(parsed, parseFormat(element));
  return blockScale(
    amax,
    constants,
    parsed.outer === "none" ? undefined : outerScale(outerAmax, constants, parsed.bound),
  );
}

function scaleAnswer(library: string, {stored}: BlockScale, reason: string): Answer {
  return {
    library,
    text: scaleText(stored),
    code: {format: e8m0, bits: encodeBits(e8m0, stored), isScale: true},
    reason,
  };
}

/** Scales of E8M0 as powers of two. */
export function scaleText(scale: number): string {
  if (Number.isNaN(scale)) return "NaN";
  const exponent = Math.log2(scale);
  return Number.isInteger(exponent) ? powerLabel(exponent) : valueText(scale);
}

function ruleCases(): DisagreementCase[] {
  const inputs = [
    {element: "e2m1", amax: 5, note: "below the largest element, 6"},
    {element: "e2m1", amax: 6.5, note: "above 6: it saturates at the scale 1"},
    {element: "e2m1", amax: 7.5, note: "nearer to 8 than to 6"},
    {element: "e4m3fn", amax: 150, note: "the example of torchao's discussion"},
    {element: "e4m3fn", amax: 490, note: "above 480, where half-way to 512 is passed"},
  ];
  return inputs.map(({element, amax, note}) => ({
    kind: "MX scale rule" as const,
    format: element === "e2m1" ? "FP4 E2M1" : "E4M3FN",
    input: `largest magnitude ${amax}`,
    note,
    isExample: amax === 6.5 || amax === 150,
    answers: Object.entries(mxScalings).map(([library, scaling]) =>
      scaleAnswer(library, scaleOf(scaling, element, amax), ruleReasons[parseScaling(scaling).rule]),
    ),
  }));
}

const blockScalings: Readonly<Record<string, string>> = {
  "torchao (MX)": "mx,rceil,torchao",
  "gfloat (MX)": "mx,gfloat",
  "TransformerEngine (MX)": "mx,transformer-engine",
  "TransformerEngine (float32)": "block:1x128,fp32",
  "DeepSeek-V3 (float32)": "block:1x128,fp32,divide,epsilon=1e-4",
  "torchao (NVFP4)": "nvfp4,torchao",
  "TransformerEngine (NVFP4)": "nvfp4,transformer-engine",
};

function emptyBlockCases(): DisagreementCase[] {
  const inputs = [
    {amax: 0, note: "all zeros"},
    {amax: powerOfTwo(-149), note: "the smallest float32 among zeros"},
    {amax: powerOfTwo(-125), note: "a small number among zeros"},
  ];
  return inputs.map(({amax, note}) => ({
    kind: "zero blocks" as const,
    format: "FP4 E2M1",
    input: `largest magnitude ${scaleOrZero(amax)}`,
    note,
    isExample: amax === 0,
    answers: Object.entries(blockScalings).map(([library, scaling]) => {
      // In a matrix of ordinary numbers, where there is a second scale.
      const {stored, encode} = scaleOf(scaling, "e2m1", amax, 1);
      const divides = parseScaling(scaling).rule === "divide";
      return {
        library,
        text: `scale ${scaleOrZero(stored)}`,
        reason: divides
          ? `elements are divided by ${scaleOrZero(encode)}`
          : `elements are multiplied by ${encode > 3e38 ? "the largest float32" : scaleOrZero(encode)}`,
      };
    }),
  }));
}

const scaleOrZero = (x: number): string => (x === 0 ? "0" : scaleText(x));

function infiniteBlockCases(): DisagreementCase[] {
  const mx = Object.entries(mxScalings).filter(([library]) => !/\(|text/.test(library));
  const all = [...mx, ["torchao", "mx,rceil,torchao"] as const];
  return [Number.POSITIVE_INFINITY, Number.NaN].map((amax) => ({
    kind: "infinite blocks" as const,
    format: "E8M0",
    input: `largest magnitude ${valueText(amax)}`,
    note: Number.isNaN(amax) ? "one NaN among numbers" : "one infinity among numbers",
    isExample: !Number.isNaN(amax),
    answers: all.map(([library, scaling]) => {
      const scale = scaleOf(scaling, "e4m3fn", amax);
      const isNan = Number.isNaN(scale.stored);
      return scaleAnswer(
        library,
        scale,
        isNan ? "the whole block becomes NaN" : "the largest scale: the rest of the block becomes zero",
      );
    }),
  }));
}

function powerCases(): DisagreementCase[] {
  const {largest} = formatProperties(e8m0);
  return [1.25, 1.5, 1.75, 3, 1.5 * largest, 0, powerOfTwo(-130)].map((value) => {
    const toCuda = castValue(value, e8m0, {rounding: "up", policy: presets["ocp-saturate"].policy});
    return {
      kind: "E8M0 rounding" as const,
      format: "E8M0",
      input: value > largest ? `1.5 · ${powerLabel(127)}` : value === 0 ? "0" : scaleText(value),
      note: value === 1.5 || value === 3 ? "half-way between two powers of two" : "",
      isExample: value === 1.25 || value === 1.5,
      answers: [
        ...libraryAnswers(value, "e8m0").map((answer) => ({...answer, text: scaleTextOf(answer)})),
        scaleAnswer("CUDA (default)", {encode: 1 / toCuda, decode: toCuda, stored: toCuda}, "rounded up"),
      ],
      ask: {value: String(value), format: "e8m0"},
    };
  });
}

/** The answer of a library as a power of two. */
const scaleTextOf = ({code}: Answer): string =>
  code ? scaleText(decode(e8m0, Number.parseInt(code.bits, 2))) : "NaN";

const chains = [
  {library: "TransformerEngine", scaling: "nvfp4,transformer-engine"},
  {library: "torchao", scaling: "nvfp4,torchao"},
] as const;

/** Blocks that the orders of operations are compared on. */
const chainBlocks = 20_000;

function chainCases(kernels: Kernels): DisagreementCase[] {
  const [outerAmax, smallAmax] = [3.7, 1e-6];
  const {intermediates, scales} = chainDifferences(kernels, outerAmax);
  const share = `${((100 * intermediates) / chainBlocks).toFixed(0)}%`;
  const least = chains.map(({library, scaling}) => {
    const {stored} = scaleOf(scaling, "e2m1", smallAmax, outerAmax);
    return {
      library,
      text: stored === 0 ? "scale 0" : `scale ${scaleText(stored)}`,
      reason:
        stored === 0
          ? "no lower limit: the block becomes zero"
          : "block scales are at least the smallest normal E4M3",
    };
  });
  return [
    {
      kind: "NVFP4 chain",
      format: "FP4 E2M1",
      input: `${chainBlocks.toLocaleString("en")} blocks of random size`,
      note: "before the block scale is rounded to E4M3",
      isExample: true,
      answers: chains.map(({library}, i) => ({
        library,
        text: i === 0 ? "its own" : `another value in ${share}`,
        reason:
          i === 0
            ? "amax · (G · 1/6), G = 448 · 6 / amax of the matrix"
            : "(amax / 6) / t, t = amax of the matrix / (448 · 6)",
      })),
    },
    {
      kind: "NVFP4 chain",
      format: "FP4 E2M1",
      input: `${chainBlocks.toLocaleString("en")} blocks of random size`,
      note: "after: the scale that is stored",
      isExample: true,
      answers: chains.map(({library}, i) => ({
        library,
        text: i === 0 || scales === 0 ? "the same in all" : `another in ${scales}`,
        reason: "the rounding to E4M3 is coarser than the differences before it",
      })),
    },
    {
      kind: "NVFP4 chain",
      format: "FP4 E2M1",
      input: `block up to ${smallAmax}, matrix up to ${outerAmax}`,
      note: "a block of next to nothing",
      isExample: true,
      answers: least,
    },
  ];
}

/** How many blocks get another value before rounding to E4M3, and how many another scale, between the two chains. */
function chainDifferences(kernels: Kernels, outerAmax: number): {intermediates: number; scales: number} {
  const {fround} = Math;
  const mark = kernels.mark();
  const address = kernels.allocate(4 * chainBlocks);
  kernels.randomUniform(address, chainBlocks, 0.01, outerAmax, 11, 3, 0);
  const range = 448 * 6;
  const encode = fround(range / fround(outerAmax));
  const t = fround(fround(outerAmax) / range);
  let [intermediates, scales] = [0, 0];
  const [first, second] = chains.map(({scaling}) => {
    const parsed = parseScaling(scaling);
    const constants = scaleConstants(parsed, parseFormat("e2m1"));
    return {constants, outer: outerScale(fround(outerAmax), constants, parsed.bound)};
  });
  for (const amax of kernels.float32(address, chainBlocks)) {
    const one = fround(amax * fround(encode * fround(1 / 6)));
    const other = fround(fround(amax / 6) / t);
    if (one !== other) intermediates++;
    const stored = [first, second].map(({constants, outer}) => blockScale(amax, constants, outer).stored);
    if (stored[0] !== stored[1]) scales++;
  }
  kernels.release(mark);
  return {intermediates, scales};
}
