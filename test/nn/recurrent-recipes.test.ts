import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {highwayBackward, highwayForward} from "../../src/kernels/reference/highway.js";
import {recurrent} from "../../src/nn/ops/recurrent.js";
import {createProgramBuilder, execute, type ProbePoint} from "../../src/nn/program.js";
import type {LinearRecipe} from "../../src/nn/recipe.js";
import {quantize, quantizer} from "../../src/precision/quantizer.js";
import {recipeOf} from "../../src/recipes/index.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const [batch, context, width] = [3, 4, 16];
const rows = batch * context;
const parse = settingsParser({schemes: ["unit"], recipes: ["fp32", "fp8"], corpusChecksum: () => ""});
const recipeFrom = (settings: Record<string, unknown>) =>
  recipeOf(parse({scheme: "unit", ...settings})).linear;

/** One pass of a cell under a recipe, from reproducible values. */
function pass(recipe: LinearRecipe) {
  const memory = kernels.mark();
  const probes: {point: ProbePoint; values: Float32Array}[] = [];
  const count = 2 * width * width + 3 * width;
  const builder = createProgramBuilder(kernels, count, (point) =>
    probes.push({point, values: kernels.float32(point.address, point.count).slice()}),
  );
  const z = builder.tensor(rows, 2 * width);
  const parameter = (name: string, shape: number[]) =>
    builder.parameter(name, shape, {mean: 0, spread: 1}, 1);
  const parameters = {
    state: parameter("state", [width, 2 * width]),
    bias: parameter("bias", [2 * width]),
    initialState: parameter("initial state", [width]),
  };
  const stateScale = {output: 0.25, inputGradient: 0.25, weightGradient: 0.5};
  const scale = {output: 1, biasGradient: 1, initialStateGradient: 1};
  const y = recurrent(builder, z, parameters, {batch, layer: "cell", scale, stateScale, recipe});
  const yGradient = builder.acquireGradient(y);
  const program = builder.finish();
  const normal = (address: number, count: number, stream: number) =>
    kernels.randomNormal(address, count, 0, 1, 5, stream, 0);
  normal(z.data, rows * 2 * width, 1);
  normal(yGradient, rows * width, 2);
  for (const [i, {data, size}] of program.parameters.entries()) normal(data, size, 3 + i);
  const read = (address: number, count: number) => kernels.float32(address, count).slice();
  const start = {z: read(z.data, rows * 2 * width), yGradient: read(yGradient, rows * width)};
  execute(program.probedForward);
  const output = read(y.data, rows * width);
  execute(program.probedBackward);
  const [state, bias, initialState] = program.parameters.map(({data, gradient, size}) => ({
    data: read(data, size),
    gradient: read(gradient, size),
  }));
  const zGradient = read(z.gradient, rows * 2 * width);
  kernels.release(memory);
  return {...start, output, zGradient, state, bias, initialState, probes};
}

/** Of float32 values, as a saturating format without scales has them. */
function castTo(format: string, values: ArrayLike<number>): Float32Array {
  const memory = kernels.mark();
  const address = kernels.allocate(4 * values.length);
  kernels.float32(address, values.length).set(values);
  quantize(kernels, quantizer(format, {policy: "ocp-saturate"}), address, address, values.length);
  const result = kernels.float32(address, values.length).slice();
  kernels.release(memory);
  return result;
}

/** The same pass for one sequence, position by position, in double precision around casts of the operands. */
function byHand({z, yGradient, state, bias, initialState}: ReturnType<typeof pass>, sequence: number) {
  const weight = castTo("e4m3fn", state.data);
  const at = (values: Float32Array, t: number, length: number) =>
    values.subarray((sequence * context + t) * length, (sequence * context + t + 1) * length);
  const states: ArrayLike<number>[] = [initialState.data];
  const gates: {c: Float64Array; u: Float64Array}[] = [];
  for (let t = 0; t < context; t++) {
    const h = castTo("e4m3fn", states[t]);
    const sums = Array.from(at(z, t, 2 * width), (value, j) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += h[i] * weight[i * 2 * width + j];
      return value + 0.25 * sum + bias.data[j];
    });
    const {c, u, next} = highwayForward({z: sums, previous: states[t]}, 1);
    gates.push({c, u});
    states.push(next);
  }
  let carried = new Float64Array(width);
  const zGradients: Float64Array[] = [];
  for (let t = context - 1; t >= 0; t--) {
    const g = carried.map((value, i) => value + at(yGradient, t, width)[i]);
    const {zGradient, previousGradient} = highwayBackward(gates[t], states[t], g);
    zGradients.unshift(zGradient);
    const dz = castTo("e5m2", zGradient);
    carried = previousGradient.map((value, i) => {
      let sum = 0;
      for (let j = 0; j < 2 * width; j++) sum += dz[j] * weight[i * 2 * width + j];
      return value + 0.25 * sum;
    });
  }
  return {
    output: states.slice(1).flatMap((h) => Array.from(h)),
    zGradient: zGradients.flatMap((dz) => [...dz]),
  };
}

describe("recurrent(…) under a recipe", () => {
  it("casts the states, the weight and the gradients of the gates, position by position", () => {
    const result = pass(recipeFrom({recipe: "fp8"}));
    for (let sequence = 0; sequence < batch; sequence++) {
      const expected = byHand(result, sequence);
      const part = (values: Float32Array, length: number) => [
        ...values.subarray(sequence * context * length, (sequence + 1) * context * length),
      ];
      const worst = (actual: number[], expected: number[]) =>
        Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
      expect(worst(part(result.output, width), expected.output)).toBeLessThan(2e-6);
      expect(worst(part(result.zGradient, 2 * width), expected.zGradient)).toBeLessThan(2e-5);
    }
  });

  it("gives the weight gradient of the cast states and the cast gradients", () => {
    const {probes, state} = pass(recipeFrom({recipe: "fp8"}));
    const values = (tensor: string) => probes.find(({point}) => point.tensor === tensor)!.values;
    const x = castTo("e4m3fn", values("activation"));
    const dz = castTo("e5m2", values("activation gradient"));
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < 2 * width; j++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += x[row * width + i] * dz[row * 2 * width + j];
        expect(Math.abs(state.gradient[i * 2 * width + j] - 0.5 * sum)).toBeLessThan(1e-5);
      }
    }
  });

  it.each([
    ["fp32", "exact", 2e-5],
    ["fp8", "h100-wgmma", 0.05],
  ])("multiplies %s as the matrix unit %s does", (recipe, unit, bound) => {
    const units = {forwardUnit: unit, inputGradientUnit: unit, weightGradientUnit: unit};
    const [plain, other] = [pass(recipeFrom({recipe})), pass(recipeFrom({recipe, ...units}))];
    const difference = (a: Float32Array, b: Float32Array) =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    for (const [a, b] of [
      [other.output, plain.output],
      [other.zGradient, plain.zGradient],
      [other.state.gradient, plain.state.gradient],
    ]) {
      expect(difference(a, b)).toBeGreaterThan(0);
      expect(difference(a, b)).toBeLessThan(bound);
    }
  });

  it("clips gradients of states and weights beyond the format, those of states at each position", () => {
    const casts = {forwardActivation: "e2m1 0.25 ocp-saturate", forwardWeight: "e2m1 4 ocp-saturate"};
    const [plain, clipped] = ["plain", "clipped"].map((straightThrough) =>
      pass(recipeFrom({recipe: "fp32", ...casts, straightThrough})),
    );
    expect(clipped.output).toEqual(plain.output);
    // Only states beyond the format stop gradients, of which there are none.
    expect(clipped.zGradient).toEqual(plain.zGradient);
    const isBeyond = [...plain.state.data].map((weight) => Math.abs(weight) * 4 > 6);
    expect(clipped.state.gradient).toEqual(plain.state.gradient.map((g, i) => (isBeyond[i] ? 0 : g)));
    expect(isBeyond).toContain(true);

    // Where every state is beyond, none gets a gradient from its product, as under weights that are all rounded to zero.
    const beyond = {recipe: "fp32", forwardActivation: "e2m1 1e9 ocp-saturate"};
    const stopped = pass(recipeFrom({...beyond, straightThrough: "clipped"})).zGradient;
    expect(stopped).toEqual(pass(recipeFrom({...beyond, inputGradientWeight: "e2m1 1e-30"})).zGradient);
    expect(stopped).not.toEqual(pass(recipeFrom(beyond)).zGradient);
  });

  it("draws random bits of its own at each position", () => {
    const recipe = recipeFrom({recipe: "fp32", forwardActivation: "e2m1fn stochastic"});
    const again = pass(recipe);
    const {probes} = pass(recipe);
    const {casts} = probes.find(({point}) => point.tensor === "activation")!.point;
    expect(casts?.map(({product}) => product)).toContain("forward");
    expect(pass(recipe).output).toEqual(again.output);
    expect(pass(recipeFrom({recipe: "fp32", forwardActivation: "e2m1fn"})).output).not.toEqual(again.output);
  });

  it.each(["e4m3fn block:1x16,fp32", "int4 row", "e4m3fn"])(
    "multiplies again what the forward product did under %s, on matrix units, too",
    (forwardActivation) => {
      const casts = {recipe: "fp32", forwardActivation, weightGradientActivation: "forward"};
      const plain = pass(recipeFrom(casts)).state.gradient;
      const onUnits = [{forwardUnit: "fp32 promotion=16"}, {weightGradientUnit: "fp32 promotion=4"}];
      for (const units of onUnits) {
        const {gradient} = pass(recipeFrom({...casts, ...units})).state;
        gradient.forEach((value, i) => {
          expect(Math.abs(value - plain[i])).toBeLessThan(1e-5);
        });
      }
    },
  );

  it.each(["int4 tensor,fp32", "e4m3fn delayed", "nvfp4", "int4 row stochastic"])(
    "refuses to give %s of all positions for that of each, which matrix units would need",
    (forwardActivation) => {
      const casts = {recipe: "fp32", forwardActivation, weightGradientActivation: "forward"};
      expect(() => pass(recipeFrom(casts))).not.toThrow();
      for (const unit of ["forwardUnit", "weightGradientUnit"]) {
        expect(() => pass(recipeFrom({...casts, [unit]: "fp32 promotion=4"}))).toThrow(
          /^weightGradientActivation: "forward" does not go with .*(position by position|random bits)/,
        );
      }
    },
  );
});
