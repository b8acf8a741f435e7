import {beforeAll, describe, expect, test} from "vitest";
import {decode} from "../../src/formats/decode.js";
import {formatProperties} from "../../src/formats/derived.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {applyCast, type CastUse} from "../../src/precision/apply-cast.js";
import {encodeMatrix} from "../../src/precision/encode-matrix.js";
import {parseCast} from "../../src/precision/parse-cast.js";
import {floats, relativeError} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const shape = {rows: 32, columns: 48};
const x = floats(shape.rows * shape.columns, 5).map((value, i) => value * 2 ** ((i % 23) - 12));

function cast(text: string, use: CastUse = {}): Float32Array {
  const mark = kernels.mark();
  const [input, output] = [kernels.allocate(x.byteLength), kernels.allocate(x.byteLength)];
  kernels.float32(input, x.length).set(x);
  applyCast(kernels, parseCast(text), input, output, shape, use);
  const result = kernels.float32(output, x.length).slice();
  kernels.release(mark);
  return result;
}

const casts = [
  ...[
    "e4m3fn ocp-saturate",
    "e5m2 0.0625",
    "e4m3fn tensor",
    "fp16 stochastic",
    "int8 row",
    "e4m3fn block:1x16,pow2",
  ],
  ...["mxfp4", "mxfp8", "nvfp4", "int4 block:1x16"],
];

describe("applyCast(kernels, cast, input, output, shape, {stage})", () => {
  test.each(casts)("gives for %s what is rounded, the elements and their values", (text) => {
    const {largest, lowest} = formatProperties(parseCast(text).element.format);
    for (const along of ["rows", "columns"] as const) {
      const use = {along, random: {seed: 1, stream: 2, step: 3}};
      const scaled = cast(text, {...use, stage: "scaled"});
      const elements = cast(text, {...use, stage: "elements"});
      const values = cast(text, use);
      // Elements lie within their format, and one scale leads from both of the others to x.
      expect(elements.every((element) => element >= lowest && element <= largest)).toBe(true);
      const ofElements = elements.map((element, i) => (element * x[i]) / scaled[i]);
      expect(relativeError(values, ofElements)).toBeLessThan(3e-7);
    }
  });

  test("gives the elements whose codes the reference gives", () => {
    for (const text of ["mxfp4", "nvfp4", "e4m3fn block:1x16,pow2"]) {
      const {scaling} = parseCast(text);
      if (scaling.kind !== "blocks") throw new Error(`${text} has blocks`);
      const {elements} = encodeMatrix(scaling.quantizer, x, shape);
      const expected = Float32Array.from(elements, (code) => decode(scaling.quantizer.element.format, code));
      expect(cast(text, {stage: "elements"})).toEqual(expected);
    }
  });

  test("gives with a delayed scale x multiplied by it", () => {
    const use = {scale: 3} as const;
    expect(cast("e4m3fn delayed", {...use, stage: "scaled"})).toEqual(x.map((value) => value * 3));
    const elements = cast("e4m3fn delayed", {...use, stage: "elements"});
    expect(cast("e4m3fn delayed", use)).toEqual(elements.map((value) => value / 3));
  });
});
