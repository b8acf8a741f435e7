import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {roundingBitsOf, roundingWordsOf} from "../../src/kernels/reference/rounding-bits.js";
import {type MatrixQuantizer, matrixQuantizer} from "../../src/precision/matrix-quantizer.js";
import {quantizeMatrixReference} from "../../src/precision/matrix-reference.js";
import {quantizeMatrix} from "../../src/precision/quantize-matrix.js";
import {bits, floats, runOnArrays} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

function cast(quantizer: MatrixQuantizer, x: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(x.length);
  runOnArrays(kernels, [x, out], (a, b) => quantizeMatrix(kernels, quantizer, a, b, rows, columns));
  const inPlace = x.slice();
  runOnArrays(kernels, [inPlace], (a) => quantizeMatrix(kernels, quantizer, a, a, rows, columns));
  expect(firstDifference(inPlace, out)).toBe(-1);
  return out;
}

/** Index of the first element whose bits differ; quicker than toEqual. */
function firstDifference(actual: Float32Array, expected: Float32Array): number {
  const expectedBits = bits(expected);
  return bits(actual).findIndex((code, i) => code !== expectedBits[i]);
}

const canonical = (values: Float32Array) => values.map((y) => (Number.isNaN(y) ? Number.NaN : y));

function expectReference(quantizer: MatrixQuantizer, x: Float32Array, rows: number, columns: number): void {
  const {values} = quantizeMatrixReference(quantizer, x, {rows, columns});
  const [actual, expected] = [canonical(cast(quantizer, x, rows, columns)), canonical(values)];
  const at = firstDifference(actual, expected);
  if (at >= 0) expect.fail(`element ${at}, ${x[at]}, became ${actual[at]} instead of ${expected[at]}`);
}

/** Magnitudes of all sizes, with blocks of zeros, of tiny values, and beside powers of two and the largest element. */
function wide(length: number, seed: number): Float32Array {
  const spread = floats(Math.ceil(length / 16), seed + 1000);
  return floats(length, seed).map((value, i) => {
    const place = Math.floor(i / 16);
    if (place % 7 === 3) return 0;
    if (place % 7 === 5 && i % 16 === 2) return [448, 6, 464, 479, 481, 7, 7.001, 512][place % 8];
    return value * 2 ** Math.round(spread[place] * (place % 5 === 1 ? 140 : 8));
  });
}

const scalings = [
  ...["tensor", "row", "column", "block:1x128", "block:16x16", "block:3x5", "block:1x2", "block:32x1"],
  ...["block:1x32,pow2", "block:1x7,divide", "block:1x64,reciprocal", "row,pow2,divide", "tensor,pow2"],
  ...[
    "mx",
    "mx,ceil",
    "mx,rceil",
    "mx,even",
    "mx,midmax",
    "mx,transposed",
    "mx,transformer-engine",
    "mx,gfloat",
  ],
  ...["mx,prescale=0.75", "mx,even,prescale=0.7", "mx,transformer-engine,prescale=0.9,transposed"],
  ...["nvfp4", "nvfp4,torchao", "nvfp4,single", "nvfp4,row-outer", "nvfp4,2d", "nvfp4,transposed"],
  ...["nvfp4,e5m3,two-level", "block:1x32,e5m3", "block:1x16,e4m3", "row,epsilon=0.01", "tensor,epsilon=100"],
];

const formats = [
  "e4m3fn",
  "e5m2",
  "e2m1",
  "e3m2",
  "int8",
  "mxint8",
  "bf16",
  "nf4",
  "e4m3fnuz",
  "binary8p3se",
];

describe.each(scalings)("%s", (scaling) => {
  test.each(formats.filter((format) => format !== "nf4" || !scaling.includes("even")))(
    "casts %s as the reference does",
    (format) => {
      const quantizer = matrixQuantizer(format, scaling);
      for (const [rows, columns] of [
        [1, 1],
        [4, 32],
        [5, 37],
        [33, 16],
        [2, 300],
      ]) {
        expectReference(quantizer, wide(rows * columns, rows), rows, columns);
      }
    },
  );

  test("casts infinities, NaN, and matrices of zeros and of the smallest number as the reference does", () => {
    for (const format of ["e4m3fn", "e2m1", "int8"]) {
      const quantizer = matrixQuantizer(format, scaling);
      for (const special of [
        Number.POSITIVE_INFINITY,
        Number.NaN,
        0,
        2 ** -149,
        2 ** -126,
        3.4028234663852886e38,
      ]) {
        const x = wide(8 * 40, 9);
        x[70] = special;
        expectReference(quantizer, x, 8, 40);
        expectReference(
          quantizer,
          x.map(() => special),
          8,
          40,
        );
      }
    }
  });

  test("is the same however the matrix is chunked", () => {
    const quantizer = matrixQuantizer("e2m1", scaling);
    // More than the kernels take at once, in rows that are whole chunks and in one long row.
    expectReference(quantizer, wide(260 * 260, 4), 260, 260);
    expectReference(quantizer, wide(66_001, 5), 1, 66_001);
  });
});

describe.each([
  "four-over-six",
  "four-over-six-mse",
  "four-over-six,bound=448",
  "four-over-six,2d",
  "four-over-six,row-outer",
])("nvfp4,%s", (variant) => {
  const quantizer = matrixQuantizer("e2m1", `nvfp4,${variant}`);

  test("casts as the reference does", () => {
    for (const [rows, columns] of [
      [1, 1],
      [32, 64],
      [33, 37],
    ]) {
      expectReference(quantizer, wide(rows * columns, columns), rows, columns);
    }
  });

  test("casts infinities, NaN and zeros as the reference does", () => {
    for (const special of [Number.POSITIVE_INFINITY, Number.NaN, 0, 2 ** -149]) {
      const x = wide(16 * 40, 9);
      x[70] = special;
      expectReference(quantizer, x, 16, 40);
      expectReference(
        quantizer,
        x.map(() => special),
        16,
        40,
      );
    }
  });
});

describe("stochastic rounding", () => {
  const options = {rounding: "stochastic", random: {seed: 5, stream: 2, step: 9}} as const;

  test.each([
    ...["mx", "nvfp4", "row", "column", "block:16x16", "mx,transposed"],
    ...["mx,prescale=0.75", "mx,prescale=0.75,transposed", "block:4x8,e8m0,prescale=0.8"],
  ])("draws the reference's bits: %s", (scaling) => {
    const quantizer = matrixQuantizer("e2m1", scaling, options);
    expectReference(quantizer, wide(33 * 70, 1), 33, 70);
    expectReference(quantizer, wide(9001, 5), 1, 9001);
  });

  test.each([
    ...["mx", "nvfp4", "row", "column", "block:16x16", "block:1x12", "mx,transposed"],
    ...["mx,prescale=0.75", "mx,prescale=0.75,transposed"],
  ])("draws the reference's bits where two elements share a word: %s", (scaling) => {
    for (const format of ["e2m1", "e4m3fn"]) {
      const quantizer = matrixQuantizer(format, scaling, {...options, rounding: "stochastic-a", bits: 16});
      expectReference(quantizer, wide(33 * 70, 1), 33, 70); // rows begin with the first of a pair
      expectReference(quantizer, wide(32 * 71, 2), 32, 71); // every other one with the second
      expectReference(quantizer, wide(9001, 5), 1, 9001);
    }
  });

  test("decides by 16 bits exactly, also where float32 addition cuts off what matters", () => {
    // In blocks of scale 1, as shares of the smallest value: the least that goes up, and a little more or less.
    const quantizer = matrixQuantizer("e2m1", "mx", {...options, rounding: "stochastic-a", bits: 16});
    const word = roundingWordsOf(options.random, 16);
    const least = (i: number) => (2 ** 16 - (word(i) >>> 16)) / 2 ** 16;
    const x = floats(2 ** 13, 1).map((more, i) => (i % 32 ? 0.5 * (least(i) + more / 2 ** 22) : 4));
    expectReference(quantizer, x, 1, x.length);
    const up = cast(quantizer, x, 1, x.length).filter((y, i) => i % 32 && y === 0.5).length;
    expect(up / x.length).toBeGreaterThan(0.4);
    expect(up / x.length).toBeLessThan(0.6);
  });

  test("leaves zeros as they are, also where all 16 bits are", () => {
    const quantizer = matrixQuantizer("e2m1", "mx", {...options, rounding: "stochastic-a", bits: 16});
    const word = roundingWordsOf(options.random, 16);
    const x = Float32Array.from({length: 2 ** 18}, (_, i) => (i % 32 ? (i % 3 ? 0 : -0) : 4));
    expect(x.filter((value, i) => value === 0 && word(i) === 0).length).toBeGreaterThan(0);
    expect(bits(cast(quantizer, x, 1, x.length))).toEqual(bits(x));
  });

  test.each(["e4m3fn", "e5m2", "e3m2", "int8"])("draws them for %s, and with fewer bits", (format) => {
    for (const more of [{}, {bits: 5}, {rounding: "stochastic-equal"}] as const) {
      for (const scaling of ["mx", "row,divide", "mx,transposed"]) {
        const quantizer = matrixQuantizer(format, scaling, {...options, ...more});
        expectReference(quantizer, wide(33 * 70, 3), 33, 70);
      }
    }
  });

  test("decides by all 32 bits where the ones beyond float32's digits matter", () => {
    // In blocks of scale 1, as shares of the smallest value: the random word as a share of 2³², and a little more or less.
    const quantizer = matrixQuantizer("e2m1", "mx", options);
    const word = roundingBitsOf(options.random);
    const x = floats(2 ** 13, 1).map((more, i) => (i % 32 ? 0.5 * ((word(i) + 8 * more) / 2 ** 32) : 4));
    expectReference(quantizer, x, 1, x.length);
    expectReference(matrixQuantizer("e2m1", "mx,transposed", options), x, 256, 32);
  });

  test("gives a matrix the same bits in parts", () => {
    const quantizer = matrixQuantizer("e4m3fn", "mx", options);
    const x = floats(96 * 64, 8);
    const whole = cast(quantizer, x, 96, 64);
    const part = x.slice(64 * 37);
    runOnArrays(kernels, [part], (a) =>
      quantizeMatrix(kernels, quantizer, a, a, 59, 64, {startIndex: 64 * 37}),
    );
    expect(bits(part)).toEqual(bits(whole.slice(64 * 37)));
  });

  test("is unbiased within a block", () => {
    const quantizer = matrixQuantizer("e2m1", "mx", {
      rounding: "stochastic",
      random: {seed: 1, stream: 0, step: 0},
    });
    const count = 32 * 4000;
    const x = Float32Array.from({length: count}, (_, i) => (i % 32 ? 1.2 : 4));
    const mean =
      cast(quantizer, x, 1, count).reduce((sum, y, i) => sum + (i % 32 ? y : 0), 0) / (count - count / 32);
    // Values are 1 or 1.5: a standard deviation of 0.5·√(0.4·0.6).
    const standardError = (0.5 * Math.sqrt(0.24)) / Math.sqrt(count - count / 32);
    expect(Math.abs(mean - Math.fround(1.2))).toBeLessThan(4 * standardError);
  });
});

describe("a prescale", () => {
  /** Magnitudes of E2M1. */
  const grid = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

  /** Where a magnitude up to 6 lies: values of the grid around it, and how far it is from one to the other. */
  function between(magnitude: number): {below: number; above: number; share: number} {
    const below = grid.findLast((value) => value <= magnitude)!;
    const above = grid.find((value) => value > magnitude) ?? below;
    return {below, above, share: above === below ? 0 : (magnitude - below) / (above - below)};
  }

  const exponentOf = (block: Float32Array) =>
    Math.floor(Math.log2(block.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0))) - 2;

  test("of ¾ gives stochastic E2M1 the values of Algorithm 2 of Tseng and others, times 4/3", () => {
    const random = {seed: 9, stream: 4, step: 2};
    const quantizer = matrixQuantizer("e2m1", "mx,prescale=0.75", {rounding: "stochastic", random});
    const word = roundingBitsOf(random);
    const x = floats(32 * 200, 3).map((value, i) => value * 2 ** (Math.floor(i / 32) % 40));
    const expected = x.map((value, i) => {
      const scale = 2 ** exponentOf(x.subarray(i - (i % 32), i - (i % 32) + 32));
      const scaled = Math.fround(0.75 * value) / scale;
      const {below, above, share} = between(Math.abs(scaled));
      const element = word(i) < share * 2 ** 32 ? above : below;
      return Math.fround(4 / 3) * (Math.sign(value) * element * scale);
    });
    expect(firstDifference(cast(quantizer, x, 200, 32), expected)).toBe(-1);
  });

  test("of ¾ makes the mean of stochastic E2M1 exact for all of a block, also beyond 6 times its scale", () => {
    const x = Float32Array.from({length: 32}, (_, i) => (i % 2 ? -7.99 : 7.99) * ((i + 1) / 32));
    const steps = 4000;
    const meansOf = (scaling: string) => {
      const sums = new Float64Array(x.length);
      for (let step = 0; step < steps; step++) {
        const random = {seed: 1, stream: 0, step};
        const quantizer = matrixQuantizer("e2m1", scaling, {rounding: "stochastic", random});
        runOnArrays(kernels, [x.slice()], (a) => {
          quantizeMatrix(kernels, quantizer, a, a, 1, x.length);
          kernels.float32(a, x.length).forEach((value, i) => {
            sums[i] += value;
          });
        });
      }
      return sums.map((sum) => sum / steps);
    };
    const [plain, unbiased] = [meansOf("mx"), meansOf("mx,prescale=0.75")];
    x.forEach((value, i) => {
      // A value between two others is a random bit; float32 rounds ¾ x and 4/3 by 2⁻²⁴ each.
      const {below, above, share} = between(0.75 * Math.abs(value));
      const deviation = ((above - below) / 0.75) * Math.sqrt(share * (1 - share));
      const tolerance = (5 * deviation) / Math.sqrt(steps) + 2 ** -23 * Math.abs(value);
      expect(Math.abs(unbiased[i] - value)).toBeLessThan(tolerance);
      if (Math.abs(value) > 6) expect(Math.abs(plain[i])).toBe(6);
    });
  });

  test("of the largest element over the next power of two lets no element saturate under floor", () => {
    const prescales = {e2m1: 6 / 8, e4m3fn: 448 / 512, e5m2: 57344 / 65536, mxint8: (2 - 2 ** -6) / 2};
    const finite = fc.float({noNaN: true, noDefaultInfinity: true});
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(prescales) as (keyof typeof prescales)[])),
        fc.array(finite, {minLength: 1, maxLength: 32}),
        // Just below a power of two, where most of a block is lost without.
        fc.option(fc.integer({min: -149, max: 127})),
        (format, values, exponent) => {
          const x = Float32Array.from(values);
          if (exponent !== null) x[0] = Math.fround((2 - 2 ** -23) * 2 ** exponent);
          const quantizer = matrixQuantizer(format, `mx,prescale=${prescales[format]}`);
          runOnArrays(kernels, [x], (a) =>
            quantizeMatrix(kernels, quantizer, a, a, 1, x.length, {stage: "scaled"}),
          );
          for (const scaled of x) expect(Math.abs(scaled)).toBeLessThanOrEqual(quantizer.element.largest);
        },
      ),
      {numRuns: 500},
    );
  });
});

test("a known largest magnitude of the tensor stands in for that of a part", () => {
  for (const scaling of ["tensor", "nvfp4"]) {
    const quantizer = matrixQuantizer("e2m1", scaling);
    const x = wide(64 * 16, 6);
    const whole = cast(quantizer, x, 1, x.length);
    const tensorAmax = x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const part = x.slice(0, 320);
    runOnArrays(kernels, [part], (a) => quantizeMatrix(kernels, quantizer, a, a, 1, 320, {tensorAmax}));
    expect(bits(part)).toEqual(bits(whole.slice(0, 320)));
  }
});

test("the largest magnitude of a tensor is found among more blocks than the kernels have room for", () => {
  const quantizer = matrixQuantizer("e2m1", "nvfp4");
  const blocks = 131_073;
  const x = new Float32Array(16 * blocks);
  x.set(floats(4096, 7));
  x[x.length - 1] = 3e4;
  const known = x.slice();
  runOnArrays(kernels, [known], (a) =>
    quantizeMatrix(kernels, quantizer, a, a, blocks, 16, {tensorAmax: 3e4}),
  );
  expect(firstDifference(cast(quantizer, x, blocks, 16), known)).toBe(-1);
});

test("kernel and reference agree on any matrix, block and scale rule", () => {
  const size = fc.integer({min: 1, max: 40});
  fc.assert(
    fc.property(
      ...([
        fc.constantFrom(...formats.filter((format) => format !== "nf4")),
        size,
        size,
        fc.integer({min: 1, max: 20}),
        fc.integer({min: 1, max: 20}),
      ] as const),
      fc.constantFrom(
        "fp32",
        "pow2",
        "pow2,divide",
        "e8m0,even",
        "e8m0,rceil",
        "e8m0,prescale=0.75",
        "e4m3",
        "e5m3,two-level",
        "reciprocal",
      ),
      fc.constantFrom<Parameters<typeof matrixQuantizer>[2]>(
        {},
        {rounding: "stochastic", random: {seed: 5, stream: 2, step: 9}},
        {rounding: "stochastic-a", bits: 16, random: {seed: 5, stream: 2, step: 9}},
      ),
      fc.integer(),
      (format, rows, columns, blockRows, blockColumns, rest, options, seed) => {
        const quantizer = matrixQuantizer(format, `block:${blockRows}x${blockColumns},${rest}`, options);
        expectReference(quantizer, wide(rows * columns, seed), rows, columns);
      },
    ),
    {numRuns: 300},
  );
});
