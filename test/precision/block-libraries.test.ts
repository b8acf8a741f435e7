import {beforeAll, describe, expect, test} from "vitest";
import {decode} from "../../src/formats/decode.js";
import {parseFormat} from "../../src/formats/parse.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {blockScale, outerScale} from "../../src/kernels/reference/block-scales.js";
import {type MatrixQuantizer, matrixQuantizer} from "../../src/precision/matrix-quantizer.js";
import {quantizeMatrixReference} from "../../src/precision/matrix-reference.js";
import {quantizeMatrix} from "../../src/precision/quantize-matrix.js";
import {makeScaling, scaleConstants} from "../../src/precision/scaling.js";
import {runOnArrays} from "../kernels/run-on-arrays.js";
import {
  bytesOf,
  checksum,
  columns,
  elementRows,
  floatsOf,
  inputs,
  recordedChecksum,
  recordsOf,
  rows,
  tensorRows,
  textOf,
} from "./block-inputs.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

interface Cast {
  readonly values: Float32Array;
  readonly stored: readonly number[] | undefined;
}
type Implementation = (quantizer: MatrixQuantizer, x: Float32Array, rows: number) => Cast;

const implementations: readonly (readonly [string, Implementation])[] = [
  [
    "the kernel",
    (quantizer, x, count) => {
      const values = new Float32Array(x.length);
      runOnArrays(kernels, [x, values], (a, b) => quantizeMatrix(kernels, quantizer, a, b, count, columns));
      return {values, stored: undefined};
    },
  ],
  [
    "the reference",
    (quantizer, x, count) => {
      const {values, scales} = quantizeMatrixReference(quantizer, x, {rows: count, columns});
      return {values, stored: scales.map(({stored}) => stored)};
    },
  ],
];

/** Fails with the first of the values that differs, NaN compared by class and zeros by sign. */
function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      const block = `[${inputs.subarray(i - (i % 16), i - (i % 16) + 16).join(" ")}]`;
      expect.fail(`${what} ${i} is ${actual[i]} instead of ${expected[i]} (inputs ${block})`);
    }
  }
}

const e4m3 = parseFormat("e4m3fn");
const powerOfCode = (code: number): number => (code === 255 ? Number.NaN : 2 ** (code - 127));

test("the inputs are those of the records", () => {
  expect(checksum()).toEqual(recordedChecksum());
});

describe.each(implementations)("%s", (_, cast) => {
  test.each(Object.keys(recordsOf("torchao mx")))("gives torchao's MX blocks: %s", (key) => {
    const [name, rule] = key.split(" ");
    const record = recordsOf("torchao mx")[key];
    const scales = bytesOf(record.scales);
    const {values, stored} = cast(matrixQuantizer(name, `mx,${rule}`), inputs, rows);
    if (stored) expectSame(stored, Array.from(scales, powerOfCode), "scale");
    if (record.elements) {
      const format = parseFormat(name);
      const expected = Array.from(bytesOf(record.elements), (code, i) => {
        const scale = powerOfCode(scales[Math.floor(i / 32)]);
        return Math.fround(decode(format, code) * scale);
      });
      expectSame(values, expected, "value");
    }
  });

  test.each(["single", "two-level"])("gives torchao's NVFP4 blocks: %s", (key) => {
    const record = recordsOf("torchao nvfp4")[key];
    const outer = floatsOf(record.outer);
    const quantizer = matrixQuantizer("e2m1", key === "single" ? "nvfp4,single" : "nvfp4,torchao");
    forEachTensor(cast, quantizer, record, ({tensor, scale, element}) =>
      Math.fround(element * Math.fround(outer[tensor] * scale)),
    );
  });

  test.each(Object.keys(recordsOf("TransformerEngine nvfp4")))(
    "gives TransformerEngine's NVFP4 blocks: %s",
    (key) => {
      const record = recordsOf("TransformerEngine nvfp4")[key];
      const scaling = `nvfp4,${key.replace("1x16", "two-level").replace("row", "row-outer")}`;
      const quantizer = matrixQuantizer("e2m1", scaling);
      const {bound} = quantizer.scaling;
      const value = ({tensor, row, scale, element}: Place): number => {
        const start = (tensor * tensorRows + (key.includes("row") ? row : 0)) * columns;
        const amax = largest(
          inputs.subarray(start, start + (key.includes("row") ? 1 : tensorRows) * columns),
        );
        const {decode: g} = outerScale(amax, {chain: "two-level", largest: 6}, bound);
        return Math.fround(Math.fround(element * scale) * g);
      };
      // The library makes +0 of an element that is -0 once it is scaled. Its policy does so too; ours keeps the sign.
      const isNegative = (x: number) => x < 0 || Object.is(x, -0);
      const signed = ({element, x}: Place) => (element === 0 && isNegative(x) ? -0 : element);
      forEachTensor(cast, quantizer, record, (place) => value({...place, element: signed(place)}));
      const likeLibrary = matrixQuantizer("e2m1", scaling, {policy: "transformer-engine"});
      forEachTensor(cast, likeLibrary, record, value);
    },
  );
});

const largest = (x: Float32Array) => x.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);

interface Place {
  readonly tensor: number;
  /** Within the tensor. */
  readonly row: number;
  readonly scale: number;
  readonly element: number;
  readonly x: number;
}

function forEachTensor(
  cast: Implementation,
  quantizer: MatrixQuantizer,
  record: Record<string, string>,
  value: (place: Place) => number,
): void {
  const scales = Array.from(bytesOf(record.scales), (code) => decode(e4m3, code));
  const elements = Array.from(bytesOf(record.elements), (code) => decode(parseFormat("e2m1"), code));
  const perTensor = tensorRows * columns;
  for (let tensor = 0; tensor < rows / tensorRows; tensor++) {
    const x = inputs.subarray(tensor * perTensor, (tensor + 1) * perTensor);
    // torchao makes NaN of a tensor of zeros, see the test below.
    if (quantizer.scaling.rule === "two-level-torchao" && x.every((value) => value === 0)) continue;
    const {values, stored} = cast(quantizer, x.slice(), tensorRows);
    const ownScales = scales.slice((tensor * perTensor) / 16, ((tensor + 1) * perTensor) / 16);
    if (stored) {
      const isTiled = quantizer.scaling.blockRows === 16;
      expectSame(stored, isTiled ? ownScales.slice(0, columns / 16) : ownScales, `tensor ${tensor}, scale`);
    }
    if (tensor * tensorRows >= elementRows) continue;
    const expected = Array.from(x, (_, i) => {
      const element = elements[tensor * perTensor + i];
      return value({
        tensor,
        row: Math.floor(i / columns),
        scale: ownScales[Math.floor(i / 16)],
        element,
        x: x[i],
      });
    });
    expectSame(values, expected, `tensor ${tensor}, value`);
  }
}

test("a tensor of zeros stays zero in torchao's chain, where the library divides zero by zero", () => {
  const scales = bytesOf(recordsOf("torchao nvfp4")["two-level"].scales);
  const zeros = 416 * (columns / 16);
  expect(inputs.subarray(416 * columns, 432 * columns).every((x) => x === 0)).toBe(true);
  expect(scales[zeros] & 0x7f).toBe(0x7f); // NaN of either sign
  const {values} = quantizeMatrixReference(matrixQuantizer("e2m1", "nvfp4,torchao"), new Float32Array(16), {
    rows: 1,
    columns: 16,
  });
  expect(values).toEqual(new Float32Array(16));
});

test.each(["e4m3fn", "e5m2", "e2m1", "mxint8"])(
  "gives microxcaling's blocks by the policy of its name: %s",
  (name) => {
    const quantizer = matrixQuantizer(name, "mx,microxcaling", {policy: "microxcaling-corrected"});
    const x = inputs.slice(0, elementRows * columns);
    const {values} = quantizeMatrixReference(quantizer, x, {rows: elementRows, columns});
    const expected = floatsOf(textOf("microxcaling", `${name} nearest`));
    expectSame(
      values.map((y) => y + 0),
      expected.map((y) => y + 0),
      "value",
    );
  },
);

test.each(Object.keys(recordsOf("gfloat")))("gives gfloat's MX blocks of finite values: %s", (name) => {
  const blocks = Array.from({length: (elementRows * columns) / 32}, (_, i) =>
    inputs.slice(32 * i, 32 * i + 32),
  );
  const finite = blocks.filter((block) => block.every(Number.isFinite));
  const expected = floatsOf(textOf("gfloat", name));
  expect(expected).toHaveLength(32 * finite.length);
  for (const [i, block] of finite.entries()) {
    const {values} = quantizeMatrixReference(matrixQuantizer(name, "mx,gfloat"), block, {
      rows: 1,
      columns: 32,
    });
    expectSame(values, expected.subarray(32 * i, 32 * i + 32), `block ${i}, value`);
  }
});

const roundingsOfMicroxcaling = {even: "nearest-even", nearest: "nearest-away", floor: "zero"} as const;

test.each(Object.keys(recordsOf("microxcaling")))("gives microxcaling's blocks: %s", (key) => {
  const [name, rounding] = key.split(" ");
  const format = parseFormat(name);
  // The library leaves out the code of -2.
  const element = format.kind === "integer" ? {...format, symmetric: true} : format;
  const quantizer = matrixQuantizer(element, "mx,microxcaling", {
    rounding: roundingsOfMicroxcaling[rounding as keyof typeof roundingsOfMicroxcaling],
  });
  const x = inputs.slice(0, elementRows * columns);
  const {values} = quantizeMatrixReference(quantizer, x, {rows: elementRows, columns});
  const expected = floatsOf(textOf("microxcaling", key));
  // Its zeros have lost their sign: they are products with sign(x), which is 0 for 0.
  expectSame(
    values.map((y) => y + 0),
    expected.map((y) => y + 0),
    "value",
  );
});

describe("TransformerEngine's scales for current scaling and blocks of 128", () => {
  const records = recordsOf("TransformerEngine scales") as unknown as Record<
    string,
    {encode: string; decode: string}
  >;
  const amaxes = floatsOf(textOf("TransformerEngine scales", "amaxes"));
  test.each(Object.keys(records).filter((key) => key !== "amaxes"))("%s", (key) => {
    const [name, scaleFormat, epsilon] = key.split(" ");
    const scaling = makeScaling({
      scaleFormat: scaleFormat as "fp32" | "pow2",
      rule: "encode",
      epsilon: Number(epsilon.split("=")[1]),
    });
    const constants = scaleConstants(scaling, parseFormat(name));
    const scales = Array.from(amaxes, (amax) => blockScale(amax, constants));
    expectSame(
      scales.map(({encode}) => encode),
      floatsOf(records[key].encode),
      "encode",
    );
    expectSame(
      scales.map(({decode}) => decode),
      floatsOf(records[key].decode),
      "decode",
    );
  });
});
