import {describe, expect, test} from "vitest";
import {decodeMatrix, encodeMatrix} from "../../src/precision/encode-matrix.js";
import {matrixQuantizer} from "../../src/precision/matrix-quantizer.js";
import {quantizeMatrixReference} from "../../src/precision/matrix-reference.js";
import {bytesOf, columns, elementRows, inputs, recordsOf} from "./block-inputs.js";

const rows = 24;
const x = inputs.slice(0, rows * columns);

describe.each([
  ["e4m3fn", "mx"],
  ["e2m1", "mx,prescale=0.75"],
  ["e2m1", "nvfp4"],
  ["e2m1", "nvfp4,torchao"],
  ["e2m1", "nvfp4,row-outer"],
  ["e2m1", "nvfp4,2d,four-over-six"],
  ["e5m2", "block:16x16,e5m3"],
  ["mxint8", "mx,transposed"],
  ["nf4", "block:1x64,reciprocal"],
  ["e4m3fn", "column,pow2"],
])("%s with %s", (format, scaling) => {
  const quantizer = matrixQuantizer(format, scaling);
  const finite = x.map((value) => (Number.isFinite(value) ? value : 1));

  test("decodes to the values of the cast", () => {
    const encoded = encodeMatrix(quantizer, finite, {rows, columns});
    const {values} = quantizeMatrixReference(quantizer, finite, {rows, columns});
    // Elements from a table, and integers, have one zero.
    const withZero = (y: number) => (format === "nf4" || format === "mxint8" ? y + 0 : y);
    expect(decodeMatrix(quantizer, encoded)).toEqual(values.map(withZero));
  });
});

test("codes and scale codes are those that torchao stores", () => {
  const {elements, scaleCodes} = encodeMatrix(
    matrixQuantizer("e4m3fn", "mx"),
    inputs.slice(0, elementRows * columns),
    {
      rows: elementRows,
      columns,
    },
  );
  const record = recordsOf("torchao mx")["e4m3fn floor"];
  const scales = bytesOf(record.scales).subarray(0, scaleCodes?.length);
  expect(scaleCodes).toEqual(scales);
  const isNan = (code: number) => (code & 0x7f) === 0x7f;
  const recorded = bytesOf(record.elements);
  const differing = [...elements].filter(
    (code, i) => code !== recorded[i] && !(isNan(code) && isNan(recorded[i])),
  );
  expect(differing).toEqual([]);
});

test("a block of NaN keeps the code of the NaN scale", () => {
  const block = new Float32Array(32).fill(1);
  block[3] = Number.NaN;
  const quantizer = matrixQuantizer("e2m1", "mx");
  const encoded = encodeMatrix(quantizer, block, {rows: 1, columns: 32});
  expect(encoded.scaleCodes).toEqual(Uint8Array.of(0xff));
  expect(decodeMatrix(quantizer, encoded).every(Number.isNaN)).toBe(true);
});
