import {expect, it} from "vitest";
import {linearRecipe} from "../../src/nn/recipe.js";
import {type Cast, isRandom, leavesAsIs, parseCast} from "../../src/precision/parse-cast.js";
import {isPlainProduct} from "../../src/precision/units/product-unit.js";
import {recipeNames, recipeOf, recipes} from "../../src/recipes/index.js";
import {linearOperands} from "../../src/recipes/make-recipe.js";

it("recipes have names of their own, and say in a line what they do and where that is described", () => {
  expect(new Set(recipeNames).size).toBe(recipes.length);
  for (const {name, description, source} of recipes) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(description).toMatch(/^[^\n]{10,130}$/);
    expect(source).toMatch(/^[^\n]{5,130}$/);
  }
});

it("there are the recipes of the field, and integers of any width", () => {
  expect(recipeNames).toEqual([
    ...["fp32", "bf16", "fp16", "fp16-static", "fp16-dynamic"],
    ...["fp8", "fp8-scaled", "fp8-delayed", "fp8-current", "fp8-block", "fp8-static", "deepseek-v3"],
    ...["mxfp8", "mxfp6", "mxfp4", "nvfp4"],
    ...Array.from({length: 15}, (_, i) => `int${i + 2}`),
    "ternary",
  ]);
});

it("fp32 leaves every value as it is", () => {
  const {linear, attention, normOutput, softmaxOutput, lossScale} = recipeOf({recipe: "fp32"});
  const casts = [linear.forwardActivation, linear.forwardWeight, linear.weightGradientGradient];
  for (const cast of [...casts, ...Object.values(attention), normOutput, softmaxOutput]) {
    expect(leavesAsIs(cast)).toBe(true);
  }
  expect(isPlainProduct(linear.forwardUnit)).toBe(true);
  expect(lossScale).toBe(1);
});

it("the recipe mxfp4 multiplies by ¾ what it rounds stochastically, and nothing else", () => {
  const {linear} = recipeOf({recipe: "mxfp4"});
  for (const operand of linearOperands) {
    const cast = linear[operand] as Cast;
    const prescale = cast.scaling.kind === "blocks" && cast.scaling.quantizer.scaling.prescale;
    expect([operand, prescale]).toEqual([operand, isRandom(cast) ? 0.75 : 1]);
  }
  expect(linearOperands.filter((operand) => isRandom(linear[operand] as Cast))).toEqual([
    "inputGradientGradient",
    "weightGradientGradient",
  ]);
});

it("recipeOf(settings) replaces the parts that settings name, and no others", () => {
  const own = recipeOf({recipe: "fp8-delayed"});
  expect(recipeOf({recipe: "fp8-delayed", forwardWeight: "recipe", lossScale: "recipe"})).toEqual(own);
  const changed = recipeOf({
    ...{
      recipe: "fp8-delayed",
      weightGradientActivation: "forward",
      inputGradientGradient: "mxfp4 stochastic",
    },
    ...{query: "e4m3fn", attentionGradient: "e5m2", normOutput: "bf16", softmaxOutput: "fp16"},
    ...{forwardUnit: "h100-wgmma promotion=128", straightThrough: "clipped", lossScale: "dynamic"},
  });
  expect(changed.linear).toEqual({
    ...own.linear,
    weightGradientActivation: "forward",
    inputGradientGradient: parseCast("mxfp4 stochastic"),
    forwardUnit: {...changed.linear.forwardUnit, text: "h100-wgmma promotion=128", promotion: 128},
    straightThrough: "clipped",
  });
  expect(changed.attention).toEqual({
    ...own.attention,
    query: parseCast("e4m3fn"),
    gradient: parseCast("e5m2"),
  });
  expect(changed).toMatchObject({normOutput: parseCast("bf16"), softmaxOutput: parseCast("fp16")});
  expect(changed.lossScale).toBe("dynamic");
  expect(recipeOf({recipe: "fp16-dynamic", lossScale: "none"}).lossScale).toBe(1);
  expect(recipeOf({recipe: "fp16-dynamic", lossScale: 64}).lossScale).toBe(64);
});

it("linear layers follow the last of the recipes whose names fit, after those of the recipe itself", () => {
  const recipe = recipeOf({
    recipe: "deepseek-v3",
    layerRecipes: "first=bf16, * mlp *=mxfp8, last mlp down=fp16, block 2=nvfp4, block 2 qkv=int8",
  });
  const linear = (layer: string) => linearRecipe(recipe, layer, 12);
  const named = (name: string) => recipeOf({recipe: name}).linear;
  expect(linear("head")).toEqual(named("fp32"));
  expect(linear("block 1 qkv")).toEqual(named("bf16"));
  expect(linear("block 1 mlp up")).toEqual(named("mxfp8"));
  expect(linear("block 12 mlp down")).toEqual(named("fp16"));
  expect(linear("block 12 mlp up")).toEqual(named("mxfp8"));
  expect(linear("block 2 attention output")).toEqual(named("nvfp4"));
  expect(linear("block 2 qkv")).toEqual(named("int8"));
  expect(linear("block 3 qkv")).toEqual(named("deepseek-v3"));
  expect(linear("block 11 qkv")).toEqual(named("deepseek-v3"));
});

it.each([
  [
    {forwardActivation: "nvfp4 hadamard"},
    /^forwardActivation: both operands of a product need the word hadamard/,
  ],
  [{recipe: "nvfp4", weightGradientActivation: "nvfp4"}, /^weightGradientGradient: both operands/],
  [
    {forwardActivation: "mxfp4 hadamard", forwardWeight: "mxfp4 hadamard", inputGradientWeight: "forward"},
    /^inputGradientWeight: "forward" does not go with hadamard/,
  ],
])("recipeOf(%o) refuses a Hadamard transform that does not cancel", (parts, message) => {
  expect(() => recipeOf({recipe: "fp8", ...parts})).toThrow(message);
});
