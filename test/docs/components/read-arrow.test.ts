import {tableFromArrays, tableToIPC} from "@uwdata/flechette";
import {expect, it} from "vitest";
import {readArrow} from "../../../docs/components/read-arrow.js";

it("readArrow(file) gives plain rows, with lists and nulls", () => {
  const table = tableFromArrays({
    layer: ["head", "qkv"],
    loss: [1.5, null],
    histogram: [Float32Array.of(0.25, 0.75), Float32Array.of(1, 0)],
  });
  const file = tableToIPC(table, {format: "file"})!;
  const rows = readArrow<{layer: string; loss: number | null; histogram: ArrayLike<number>}>(
    file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
  );
  expect(rows.map(({layer, loss}) => [layer, loss])).toEqual([
    ["head", 1.5],
    ["qkv", null],
  ]);
  expect(Array.from(rows[0].histogram)).toEqual([0.25, 0.75]);
});
