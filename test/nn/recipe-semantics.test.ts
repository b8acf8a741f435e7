// What recipes make of one linear layer, against plain arithmetic that shares no code with the casts: values of a format
// come from its table, scales from the formulas of the descriptions, sums go in float32 in order.
import {beforeAll, describe, expect, it} from "vitest";
import {valueTable} from "../../src/formats/decode.js";
import {parseFormat} from "../../src/formats/parse.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {unitGemm} from "../../src/kernels/reference/unit-gemm.js";
import type {LinearRecipe} from "../../src/nn/recipe.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../../src/precision/units/matrix-units.js";
import {recipeOf} from "../../src/recipes/index.js";
import {type LayerInput, linearLayer} from "./linear-layer.js";

const {fround} = Math;

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** A matrix as a list of rows. */
type Rows = number[][];

const rowsOf = (values: Float32Array, columns: number): Rows =>
  Array.from({length: values.length / columns}, (_, i) => [...values.slice(i * columns, (i + 1) * columns)]);
const transpose = (x: Rows): Rows => x[0].map((_, j) => x.map((row) => row[j]));
const flat = (x: Rows): Float32Array => Float32Array.from(x.flat());

/** Operands with outliers, all exponents of a few binades around them. */
function layerInput(n: number, m: number, k: number, seed = 1): LayerInput {
  const matrix = (count: number, stream: number, spread: number) => {
    const address = kernels.allocate(4 * count);
    kernels.randomNormal(address, count, 0, spread, seed, stream, 0);
    const values = kernels.float32(address, count).slice();
    for (let i = 0; i < count; i += 37) values[i] *= 30;
    for (let i = 5; i < count; i += 23) values[i] *= 2 ** -9;
    return values;
  };
  return {n, m, k, x: matrix(n * m, 1, 1), w: matrix(m * k, 2, 0.3), dy: matrix(n * k, 3, 1e-4)};
}

/** A · Bᵀ with sums in float32 in order. */
const productOfRows = (a: Rows, b: Rows): Rows =>
  a.map((row) =>
    b.map((column) => row.reduce((sum, value, i) => fround(sum + fround(value * column[i])), 0)),
  );

type MakeOperand = (rows: Rows) => Rows;

/** The three products from what makes each operand; operands are given with the sum along their rows. */
function threeProducts(
  {m, k, x, w, dy}: LayerInput,
  make: Record<"p1" | "p2" | "p3" | "p4" | "p5" | "p6", MakeOperand>,
  multiply = productOfRows,
) {
  const [xs, ws, dys] = [rowsOf(x, m), rowsOf(w, k), rowsOf(dy, k)];
  return {
    y: flat(multiply(make.p1(xs), make.p2(transpose(ws)))),
    dx: flat(multiply(make.p3(dys), make.p4(ws))),
    dw: flat(multiply(make.p6(transpose(xs)), make.p5(transpose(dys)))),
  };
}

const everywhere = (make: MakeOperand) => ({p1: make, p2: make, p3: make, p4: make, p5: make, p6: make});

/** The nearest value of a format, ties to the even code, saturating. */
function nearestIn(name: string): (x: number) => number {
  const values = [...valueTable(parseFormat(name))]
    .map((value, code) => ({value, code}))
    .filter(({value}) => Number.isFinite(value) && !Object.is(value, -0))
    .sort((a, b) => a.value - b.value);
  return (x) => {
    let low = 0;
    let high = values.length - 1;
    if (x <= values[low].value) return values[low].value;
    if (x >= values[high].value) return values[high].value;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle].value <= x) low = middle;
      else high = middle;
    }
    const [below, above] = [values[low], values[high]];
    const [toBelow, toAbove] = [x - below.value, above.value - x];
    if (toBelow === toAbove) return below.code % 2 === 0 ? below.value : above.value;
    return toBelow < toAbove ? below.value : above.value;
  };
}

const e4m3 = nearestIn("e4m3fn");
const e5m2 = nearestIn("e5m2");
const e2m1 = nearestIn("e2m1");
const int4 = nearestIn("int4");
const largestOf = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);

/** Tiles of rows and columns, each replaced by what `cast` makes of its values. */
function byTile(rows: number, columns: number, cast: (tile: number[]) => number[]): MakeOperand {
  return (x) => {
    const out = x.map((row) => [...row]);
    for (let r = 0; r < x.length; r += rows) {
      for (let c = 0; c < x[0].length; c += columns) {
        const [lastRow, lastColumn] = [Math.min(r + rows, x.length), Math.min(c + columns, x[0].length)];
        const places: [number, number][] = [];
        for (let i = r; i < lastRow; i++) for (let j = c; j < lastColumn; j++) places.push([i, j]);
        const values = cast(places.map(([i, j]) => x[i][j]));
        places.forEach(([i, j], at) => {
          out[i][j] = values[at];
        });
      }
    }
    return out;
  };
}

const run = (recipe: LinearRecipe, input: LayerInput) => linearLayer(kernels, recipe, input)(input);
const linearOf = (recipe: string, parts = {}) => recipeOf({recipe, ...parts}).linear;

describe("the products of a linear layer", () => {
  it("are those of MX blocks of 32 along each sum, all cast from the source, under mxfp8", () => {
    const input = layerInput(48, 80, 40);
    // The smallest power of two with amax / scale ≤ 448.
    const cast = byTile(1, 32, (block) => {
      const scale = 2 ** Math.ceil(Math.log2(largestOf(block) / 448));
      return block.map((x) => e4m3(x / scale) * scale);
    });
    expect(run(linearOf("mxfp8"), input)).toEqual(threeProducts(input, everywhere(cast)));
  });

  it("have scales of 1×128 and 128×128, applied to partial sums of 128, under deepseek-v3", () => {
    const input = layerInput(160, 144, 136);
    const scaleOf = (tile: readonly number[]) => fround(Math.max(largestOf(tile), 1e-4) / 448);
    const divided = (tile: number[]) => {
      const scale = scaleOf(tile);
      return tile.map((value) => e4m3(fround(value / scale)));
    };
    const scales = (tile: number[]) => new Array<number>(tile.length).fill(scaleOf(tile));
    const tile = (rows: number) => (x: Rows) => ({
      q: byTile(rows, 128, divided)(x),
      s: byTile(rows, 128, scales)(x),
    });
    type Scaled = ReturnType<ReturnType<typeof tile>>;
    const multiply = (a: Scaled, b: Scaled): Rows =>
      a.q.map((row, i) =>
        b.q.map((column, j) => {
          let sum = 0;
          for (let start = 0; start < row.length; start += 128) {
            let partial = 0;
            for (let p = start; p < Math.min(start + 128, row.length); p++) {
              partial = fround(partial + fround(row[p] * column[p]));
            }
            const scaled = fround(fround(partial * a.s[i][start]) * b.s[j][start]);
            sum = start === 0 ? scaled : fround(sum + scaled);
          }
          return sum;
        }),
      );
    const [xs, ws, dys] = [rowsOf(input.x, 144), rowsOf(input.w, 136), rowsOf(input.dy, 136)];
    const [vectors, squares] = [tile(1), tile(128)];
    expect(run(linearOf("deepseek-v3"), input)).toEqual({
      y: flat(multiply(vectors(xs), squares(transpose(ws)))),
      dx: flat(multiply(vectors(dys), squares(ws))),
      dw: flat(multiply(vectors(transpose(xs)), vectors(transpose(dys)))),
    });
  });

  it("have power-of-two scales of 1×128 and 128×128 under fp8-block", () => {
    const input = layerInput(140, 130, 20);
    const tile = (rows: number) =>
      byTile(rows, 128, (tile) => {
        const encode = 2 ** Math.floor(Math.log2(fround(448 / largestOf(tile))));
        return tile.map((x) => e4m3(x * encode) / encode);
      });
    const make = {...everywhere(tile(1)), p2: tile(128), p4: tile(128)};
    expect(run(linearOf("fp8-block"), input)).toEqual(threeProducts(input, make));
  });

  it("have gradients of ¾ their size under mxfp4, and sums of 4/3 of theirs", () => {
    const input = layerInput(48, 80, 40);
    const ocp = byTile(1, 32, (block) => {
      const scale = 2 ** (Math.floor(Math.log2(largestOf(block))) - 2);
      return block.map((x) => e2m1(x / scale) * scale);
    });
    const gradient = byTile(1, 32, (block) => {
      const scale = 2 ** (Math.floor(Math.log2(largestOf(block))) - 2);
      return block.map((x) => fround(e2m1(fround(0.75 * x) / scale) * scale * fround(4 / 3)));
    });
    const parts = {
      inputGradientGradient: "mxfp4 mx,prescale=0.75",
      weightGradientActivation: "mxfp4",
      weightGradientGradient: "mxfp4 mx,prescale=0.75",
    };
    const make = {...everywhere(ocp), p3: gradient, p5: gradient};
    const expected = threeProducts(input, make);
    expect(run(linearOf("mxfp4", parts), input)).toEqual(expected);
    // With elements and scales apart, the sums are rounded in other places: by half a unit for each of 48 terms at most.
    const magnitudes = (x: Rows): Rows => x.map((row) => row.map(Math.abs));
    const sizes = threeProducts(input, make, (a, b) => productOfRows(magnitudes(a), magnitudes(b)));
    const units = {inputGradientUnit: "fp32 promotion=32", weightGradientUnit: "fp32 promotion=32"};
    const apart = run(linearOf("mxfp4", {...parts, ...units}), input);
    for (const name of ["dx", "dw"] as const) {
      apart[name].forEach((value, i) => {
        expect(Math.abs(value - expected[name][i])).toBeLessThanOrEqual(50 * 2 ** -23 * sizes[name][i]);
      });
    }
  });

  it("follow TransformerEngine's chain of two levels under nvfp4, with tiles of 16×16 for weights", () => {
    const input = layerInput(32, 48, 64);
    const parts = {
      inputGradientGradient: "nvfp4",
      weightGradientActivation: "nvfp4",
      weightGradientGradient: "nvfp4",
    };
    const make = {...everywhere(nvfp4(1)), p2: nvfp4(16), p4: nvfp4(16)};
    expect(run(linearOf("nvfp4", parts), input)).toEqual(threeProducts(input, make));
  });

  /** Numbers of the reference: all operations float32. */
  function nvfp4(rows: number): MakeOperand {
    return (x) => {
      const amax = fround(largestOf(x.flat()));
      const outer = fround(fround(448 * 6) / amax);
      const inverse = fround(1 / outer);
      return byTile(rows, 16, (tile) => {
        const scale = e4m3(fround(largestOf(tile) * fround(outer * fround(1 / 6))));
        const encode = Math.min(fround(1 / fround(scale * inverse)), 3.4028234663852886e38);
        return tile.map((value) => fround(fround(e2m1(fround(value * encode)) * scale) * inverse));
      })(x);
    };
  }

  it("multiply Hadamard transforms of both operands of the weight gradient, with scales found after them", () => {
    const input = layerInput(32, 32, 16);
    const parts = {inputGradientGradient: "nvfp4", weightGradientGradient: "nvfp4 hadamard"};
    const turned: MakeOperand = (x) => nvfp4(1)(x.map(hadamard));
    const make = {
      ...everywhere(nvfp4(1)),
      p2: nvfp4(16),
      p4: nvfp4(16),
      p5: turned,
      p6: turned,
    };
    const actual = run(linearOf("nvfp4", parts), input);
    const expected = threeProducts(input, make);
    expect(actual.y).toEqual(expected.y);
    expect(actual.dx).toEqual(expected.dx);
    // The transform's additions are in another order here; a different last bit may round an element differently.
    const largest = largestOf([...expected.dw]);
    const far = [...actual.dw].filter((value, i) => Math.abs(value - expected.dw[i]) > 1e-6 * largest);
    expect(far.length).toBeLessThan(0.02 * expected.dw.length);
  });

  /** Sixteen values at a time: diag(σ) · x · H / 4, H by the parity of the bits that two indices share. */
  function hadamard(row: number[]): number[] {
    const signs = [1, 1, 1, -1, 1, -1, -1, -1, -1, -1, -1, 1, -1, 1, -1, -1];
    const parity = (bits: number): number => (bits === 0 ? 0 : (bits & 1) ^ parity(bits >> 1));
    return row.map((_, at) => {
      const [start, j] = [at - (at % 16), at % 16];
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += signs[i] * row[start + i] * (parity(i & j) ? -1 : 1);
      return fround(sum / 4);
    });
  }

  it("cancel the Hadamard transform where nothing is rounded", () => {
    const input = layerInput(32, 20, 24);
    const parts = {weightGradientActivation: "fp32 hadamard", weightGradientGradient: "fp32 hadamard"};
    const plain = run(linearOf("fp32"), input).dw;
    const turned = run(linearOf("fp32", parts), input).dw;
    const largest = largestOf([...plain]);
    plain.forEach((value, i) => {
      expect(Math.abs(turned[i] - value)).toBeLessThan(2e-6 * largest);
    });
  });

  it("take integers by output channel and by tensor, and the same ones on the way back, under int4", () => {
    const input = layerInput(20, 24, 12);
    const absmax = (x: readonly number[]) => {
      const scale = fround(7 / fround(largestOf(x)));
      return (value: number) => fround(int4(fround(value * scale)) * fround(1 / scale));
    };
    const byTensor: MakeOperand = (x) => {
      const cast = absmax(x.flat());
      return x.map((row) => row.map(cast));
    };
    const byRow: MakeOperand = (x) => x.map((row) => row.map(absmax(row)));
    const [xs, ws, dys] = [rowsOf(input.x, 24), rowsOf(input.w, 12), rowsOf(input.dy, 12)];
    const weights = transpose(byRow(transpose(ws)));
    expect(run(linearOf("int4"), input)).toEqual({
      y: flat(productOfRows(byTensor(xs), transpose(weights))),
      dx: flat(productOfRows(dys, weights)),
      dw: flat(productOfRows(transpose(byTensor(xs)), transpose(dys))),
    });
  });

  it("have weights of -1, 0 and 1 times their mean magnitude under ternary", () => {
    const input = layerInput(4, 24, 12);
    const {y} = run(linearOf("ternary", {forwardActivation: "fp32"}), {
      ...input,
      x: Float32Array.from({length: 96}, (_, i) => (i % 25 === 0 ? 1 : 0)),
    });
    const scale = fround(1 / (input.w.reduce((sum, w) => sum + Math.abs(w), 0) / input.w.length));
    const expected = input.w
      .slice(0, 48)
      .map((w) => fround(Math.min(Math.max(Math.round(Math.abs(w) * scale), 0), 1) * Math.sign(w)) / scale);
    y.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-6);
    });
  });
});

describe("delayed scaling in a linear layer", () => {
  it("casts with the scale of the steps before, and records each step", () => {
    const historyLength = 3;
    const delayed = `delayed history=${historyLength}`;
    const recipe = linearOf("fp32", {
      forwardActivation: `e4m3fn ${delayed}`,
      weightGradientActivation: `e4m3fn ${delayed}`,
      weightGradientGradient: `e5m2 ${delayed}`,
      inputGradientGradient: `e5m2 ${delayed}`,
    });
    const [n, m, k] = [6, 5, 4];
    const layer = linearLayer(kernels, recipe, {n, m, k});
    const states = {x: {scale: 1, history: [0, 0, 0]}, dy: {scale: 1, history: [0, 0, 0]}};
    const update = (state: {scale: number; history: number[]}, amax: number, largest: number) => {
      state.history[0] = amax;
      const chosen = Math.max(...state.history);
      state.history = [0, ...state.history.slice(2), state.history[0]];
      if (chosen > 0 && Number.isFinite(chosen)) state.scale = fround(largest / chosen);
    };
    const magnitudes = [1, 8, 0.25, 0.25, 0.25, 100, 0, 3];
    magnitudes.forEach((magnitude, step) => {
      const input = layerInput(n, m, k, step + 1);
      input.x.forEach((value, i) => {
        input.x[i] = fround(value * magnitude);
      });
      const scaled =
        (round: (x: number) => number, {scale}: {scale: number}): MakeOperand =>
        (x) =>
          x.map((row) => row.map((value) => fround(round(fround(value * scale)) / scale)));
      const [castX, castDy] = [scaled(e4m3, states.x), scaled(e5m2, states.dy)];
      const asIs: MakeOperand = (x) => x;
      const make = {p1: castX, p2: asIs, p3: castDy, p4: asIs, p5: castDy, p6: castX};
      const expected = threeProducts(input, make);
      // Passes that do not train see the same scales, and leave no trace.
      expect(layer(input, {isTraining: false, step})).toEqual(expected);
      expect(layer(input, {isTraining: true, step})).toEqual(expected);
      update(states.x, fround(largestOf([...input.x])), 448);
      update(states.dy, fround(largestOf([...input.dy])), 57344);
    });
  });
});

describe("stochastic gradients", () => {
  const gradientsOf = (pass: {seed: number; step: number}) => {
    const input = layerInput(64, 16, 8);
    // The input gradient of an identity shows the cast gradient itself.
    const w = Float32Array.from({length: 128}, (_, i) => (Math.floor(i / 8) === i % 8 ? 1 : 0));
    return linearLayer(kernels, linearOf("mxfp4", {inputGradientWeight: "fp32"}), input)({...input, w}, pass)
      .dx;
  };

  it("depend on seed and step, and on nothing else", () => {
    const first = gradientsOf({seed: 1, step: 5});
    expect(gradientsOf({seed: 1, step: 5})).toEqual(first);
    expect(gradientsOf({seed: 1, step: 6})).not.toEqual(first);
    expect(gradientsOf({seed: 2, step: 5})).not.toEqual(first);
  });

  it("are on average what was rounded, the largest of their blocks included", () => {
    const steps = 200;
    const sums = new Float64Array(64 * 8);
    for (let step = 0; step < steps; step++) {
      const dx = gradientsOf({seed: 3, step});
      for (let i = 0; i < sums.length; i++) {
        sums[i] += dx[Math.floor(i / 8) * 16 + (i % 8)];
      }
    }
    const {dy} = layerInput(64, 16, 8);
    let beyond = 0;
    for (let i = 0; i < sums.length; i++) {
      const row = dy.slice(i - (i % 8), i - (i % 8) + 8);
      const scale = 2 ** (Math.floor(Math.log2(largestOf([...row]))) - 2);
      const magnitude = (0.75 * Math.abs(dy[i])) / scale;
      const spacing = (scale / 0.75) * (magnitude < 2 ? 0.5 : magnitude < 4 ? 1 : 2);
      // The standard deviation is at most half the spacing; five standard errors, for 500 elements.
      expect(Math.abs(sums[i] / steps - dy[i])).toBeLessThan((5 * spacing) / 2 / Math.sqrt(steps));
      if (magnitude > 0.75 * 6) beyond += 1;
    }
    expect(beyond).toBeGreaterThan(20);
  });
});

describe("matrix units in a linear layer", () => {
  it("multiply the elements, and the scales multiply the sums", () => {
    const input = layerInput(24, 80, 16);
    const unit = "h100-wgmma promotion=64";
    const parts = {forwardUnit: unit, inputGradientUnit: unit, weightGradientUnit: unit};
    const {y} = run(linearOf("fp8-current", parts), input);
    const [aScale, bScale] = [input.x, input.w].map((x) => fround(448 / fround(largestOf([...x]))));
    const a = input.x.map((value) => e4m3(fround(value * aScale)));
    const b = input.w.map((value) => e4m3(fround(value * bScale)));
    const {arithmetic} = resolveUnit(parseUnit("h100-wgmma") as MatrixUnit, {
      a: "e4m3",
      b: "e4m3",
      promotion: 64,
    });
    const c = new Float32Array(24 * 16);
    const stored = (data: Float32Array, stride: number) => ({data, stride});
    unitGemm({m: 24, n: 16, k: 80}, stored(a, 80), stored(b, 16), stored(c, 16), arithmetic);
    const expected = c.map((sum) => fround(fround(sum * fround(1 / aScale)) * fround(1 / bScale)));
    expect(y).toEqual(expected);
  });
});

describe("units under weights in groups, transposed weights and scaling constants", () => {
  const shape = {n: 32, m: 48, k: 32};
  const unit = (text: string) => ({forwardUnit: text, inputGradientUnit: text, weightGradientUnit: text});

  it.each(["fp32 promotion=16", "exact", "h100-wgmma", "a100-mma"])(
    "give what %s gives each group",
    (text) => {
      const format = text === "a100-mma" ? "fp16" : "fp8-current";
      const recipe = linearOf(format, {...unit(text)});
      const input = layerInput(shape.n, shape.m, shape.k);
      const w = input.w.subarray(0, 24 * 32);
      const whole = linearLayer(kernels, recipe, shape, {groups: 2, factor: 0.75})({...input, w});
      // Scales are those of whole tensors, so each group is compared with one layer whose other weights are zero.
      const full = new Float32Array(48 * 32);
      for (let i = 0; i < 48; i++) {
        const group = Math.floor(i / 24);
        for (let j = 16 * group; j < 16 * group + 16; j++) full[i * 32 + j] = w[(i % 24) * 32 + j];
      }
      const plain = linearLayer(kernels, linearOf(format), shape, {factor: 0.75})({...input, w: full});
      const near = (a: Float32Array, b: Float32Array) => {
        const largest = largestOf([...b]);
        // Units of 14 bits cut more than float32 rounds.
        a.forEach((value, i) => {
          expect(Math.abs(value - b[i])).toBeLessThan((text === "h100-wgmma" ? 2e-2 : 1e-4) * largest);
        });
      };
      near(whole.y, plain.y);
      near(whole.dx, plain.dx);
      const ofGroups = whole.dw.map(
        (_, i) => plain.dw[(Math.floor((i % 32) / 16) * 24 + Math.floor(i / 32)) * 32 + (i % 32)],
      );
      near(whole.dw, ofGroups);
    },
  );

  it.each(["mxfp8", "deepseek-v3", "nvfp4", "int4"])(
    "give the same for a weight that is stored as its transpose, under %s",
    (name) => {
      // Stochastic casts would draw other random bits for the transpose.
      const hadamard = name === "nvfp4" ? "mxfp8 hadamard" : "mxfp8";
      const recipe = linearOf(name, {inputGradientGradient: "mxfp8", weightGradientGradient: hadamard});
      const input = layerInput(shape.n, shape.m, shape.k);
      const {m, k} = shape;
      const plain = linearLayer(kernels, recipe, shape, {factor: 0.75})(input);
      const w = input.w.map((_, i) => input.w[(i % m) * k + Math.floor(i / m)]);
      const stored = linearLayer(kernels, recipe, shape, {factor: 0.75, transposed: true})({...input, w});
      expect(stored.y).toEqual(plain.y);
      expect(stored.dx).toEqual(plain.dx);
      expect(stored.dw).toEqual(plain.dw.map((_, i) => plain.dw[(i % m) * k + Math.floor(i / m)]));
    },
  );

  it("refuse formats that the unit does not take, and scales that are not apart from their elements", () => {
    const build = (recipe: string, parts: object) => linearLayer(kernels, linearOf(recipe, parts), shape);
    expect(() => build("mxfp4", {forwardUnit: "h100-wgmma"})).toThrow(
      /^forwardUnit: h100-wgmma does not multiply e2m1 by e2m1/,
    );
    const rowOuter = {forwardWeight: "e4m3fn block:1x16,e4m3,two-level,row-outer", forwardUnit: "h100-wgmma"};
    expect(() => build("fp8", rowOuter)).toThrow(/^forwardWeight: .* has no scales apart from its elements/);
    const random = {forwardWeight: "int4 row stochastic", inputGradientWeight: "forward"};
    expect(() => build("fp32", {...random, forwardUnit: "fp32 promotion=8"})).toThrow(
      /^inputGradientWeight: "forward" does not go with int4 row stochastic where one product has a matrix unit/,
    );
    const bothUnits = {forwardUnit: "fp32 promotion=8", inputGradientUnit: "fp32 promotion=8"};
    expect(() => build("fp32", {...random, ...bothUnits})).not.toThrow();
    expect(() => linearLayer(kernels, linearOf("nvfp4"), {n: 33, m: 16, k: 16})).toThrow(
      /^weightGradientActivation: hadamard needs sums over a multiple of 16 values, not 33; .* batch · context$/,
    );
  });
});

describe("clipped straight-through gradients", () => {
  it("stop at activations and weights beyond the format, and only there", () => {
    const input = layerInput(12, 10, 6);
    const cast = {forwardActivation: "e2m1 ocp-saturate", forwardWeight: "e2m1 ocp-saturate"};
    const plain = run(linearOf("fp32", cast), input);
    const clipped = run(linearOf("fp32", {...cast, straightThrough: "clipped"}), input);
    expect(clipped.y).toEqual(plain.y);
    expect(clipped.dx).toEqual(plain.dx.map((value, i) => (Math.abs(input.x[i]) > 6 ? 0 : value)));
    expect(clipped.dw).toEqual(plain.dw.map((value, i) => (Math.abs(input.w[i]) > 6 ? 0 : value)));
    expect([...input.x].some((value) => Math.abs(value) > 6)).toBe(true);
  });

  it("stop at what the scale of its own block does not reach", () => {
    const input = layerInput(8, 64, 6);
    const cast = {forwardActivation: "mxfp4", weightGradientActivation: "mxfp4"};
    const plain = run(linearOf("fp32", cast), input);
    const clipped = run(linearOf("fp32", {...cast, straightThrough: "clipped"}), input);
    const limits = byTile(1, 32, (block) =>
      block.map(() => 6 * 2 ** (Math.floor(Math.log2(largestOf(block))) - 2)),
    );
    const beyond = flat(limits(rowsOf(input.x, 64))).map((limit, i) =>
      Math.abs(input.x[i]) > limit ? 1 : 0,
    );
    expect(clipped.dx).toEqual(plain.dx.map((value, i) => (beyond[i] ? 0 : value)));
    expect(clipped.dw).toEqual(plain.dw);
    expect(beyond.some((value) => value === 1)).toBe(true);
  });

  it.each([
    ...["int4 row", "int8 tensor,fp32", "e4m3fn block:1x16,fp32", "e4m3fn block:1x32,pow2"],
    "mxfp4 mx,prescale=0.75",
  ])("stop nowhere under %s, whose scales bring the largest magnitude into range", (text) => {
    const input = layerInput(24, 64, 48);
    const cast = {forwardActivation: text, forwardWeight: text};
    const plain = run(linearOf("fp32", cast), input);
    const clipped = run(linearOf("fp32", {...cast, straightThrough: "clipped"}), input);
    expect(clipped).toEqual(plain);
  });
});
