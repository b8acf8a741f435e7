import {expect, it} from "vitest";
import {recipeOf} from "../../src/recipes/index.js";
import {checkLayers, parseLayerRecipes} from "../../src/recipes/layer-recipes.js";

const known = ["fp32", "bf16", "mxfp8"];

it("parseLayerRecipes(text, recipes) reads layers and recipes", () => {
  expect(parseLayerRecipes(" ", known)).toEqual([]);
  expect(parseLayerRecipes("head=fp32, block 2 mlp down = bf16,* qkv=mxfp8", known)).toEqual([
    {layer: "head", recipe: "fp32"},
    {layer: "block 2 mlp down", recipe: "bf16"},
    {layer: "* qkv", recipe: "mxfp8"},
  ]);
});

it.each([
  ["head", '"head" is not layer=recipe, as in head=fp32 or * qkv=mxfp8'],
  ["head=fp32,", '"" is not layer=recipe'],
  ["head=fp32=bf16", '"head=fp32=bf16" is not layer=recipe'],
  ["head=mxfp9", 'unknown recipe "mxfp9" of head: did you mean mxfp8?'],
  ["head=quaternary", 'unknown recipe "quaternary" of head: known are fp32, bf16, mxfp8'],
])("parseLayerRecipes(%o, recipes) says what is wrong", (text, message) => {
  expect(() => parseLayerRecipes(text, known)).toThrow(message);
});

it("checkLayers(recipe, names, blocks) refuses an exception that is for no layer", () => {
  const names = ["block 1 qkv", "block 2 qkv", "head"];
  const check = (layerRecipes: string) => checkLayers(recipeOf({recipe: "fp8", layerRecipes}), names, 2);
  for (const text of ["head=fp32", "first=bf16", "last qkv=bf16", "* qkv=bf16", "block 2=bf16"]) check(text);
  expect(() => check("haed=fp32")).toThrow('layerRecipes: no layer is called "haed"; did you mean "head"?');
  expect(() => check("block 3=fp32")).toThrow('no layer is called "block 3"');
  expect(() => check("first mlp up=fp32")).toThrow('no layer is called "first mlp up"');
});
