import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {applyCast, type Direction} from "../../src/precision/apply-cast.js";
import {gridRounding} from "../../src/precision/grid-rounding.js";
import {parseCast} from "../../src/precision/parse-cast.js";

const shape = {rows: 37, columns: 21};

let kernels: Kernels;
let x: Float32Array;
beforeAll(async () => {
  kernels = await createKernels();
  const address = kernels.allocate(4 * shape.rows * shape.columns);
  kernels.randomNormal(address, shape.rows * shape.columns, 0, 1, 7, 0, 0);
  x = kernels.float32(address, shape.rows * shape.columns).slice();
  x.forEach((_, i) => {
    x[i] *= i % 5 === 0 ? 1e-3 : 3;
  });
  x[40] = -0;
});

function castByKernels(text: string, along: Direction): Float32Array {
  const address = kernels.allocate(4 * x.length);
  kernels.float32(address, x.length).set(x);
  applyCast(kernels, parseCast(text), address, address, shape, {along});
  return kernels.float32(address, x.length).slice();
}

const bits = (values: Float32Array) => new Uint32Array(values.buffer);

describe("gridRounding(cast, x, shape, along)", () => {
  it.each([
    ...["int4 row", "int3 tensor,fp32", "int8 block:1x8,pow2", "int5 column", "e4m3fn tensor", "int8 mean"],
    ...[
      "mxfp4",
      "mxfp4 mx,prescale=0.75",
      "mxfp6e3m2",
      "e2m1 mx,even",
      "nvfp4",
      "e2m1 nvfp4,row-outer",
      "e2m1 nvfp4,four-over-six",
    ],
    ...[
      "nf4",
      "deepseek-weight",
      "e3m2 block:4x6,divide",
      "e4m3fn",
      "e4m3fn 4",
      "bf16",
      "fp32",
      "int4 row zero",
    ],
  ])("rounds the values of x as applyCast does, bit by bit: %s", (text) => {
    for (const along of ["rows", "columns"] as const) {
      const round = gridRounding(parseCast(text), x, shape, along);
      const rounded = x.map((value, i) => round(value, Math.floor(i / shape.columns), i % shape.columns));
      expect(bits(rounded)).toEqual(bits(castByKernels(text, along)));
    }
  });

  it("keeps the scale of x for all other values, which end at the largest one", () => {
    const round = gridRounding(
      parseCast("int4 row"),
      Float32Array.of(7, 1, 14, 1),
      {rows: 2, columns: 2},
      "rows",
    );
    expect([round(2.4, 0, 0), round(100, 0, 1), round(-100, 0, 0)]).toEqual([2, 7, -8]);
    expect([round(2.4, 1, 0), round(100, 1, 1)]).toEqual([2, 14]);
  });

  it.each(["int4 row stochastic", "int4 row hadamard", "e4m3fn delayed"])("refuses %s", (text) => {
    expect(() => gridRounding(parseCast(text), x, shape, "rows")).toThrow("on its own");
  });
});
