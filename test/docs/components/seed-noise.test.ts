import {expect, it} from "vitest";
import {rankingClaim} from "../../../docs/components/ranking-claim.js";
import {recipesTakeaway} from "../../../docs/components/recipes-takeaway.js";
import {recipeResults, seedNoise} from "../../../docs/components/seed-noise.js";
import {recipeRunsRows} from "./recipe-rows.js";

const {runs} = recipeRunsRows();
const broken = recipeRunsRows({diverged: ["mxfp4"]}).runs;

it("recipeResults(runs, scheme) are sorted by mean loss, with what diverged at the end", () => {
  const names = (of: typeof runs) => recipeResults(of, "standard").map(({recipe}) => recipe);
  expect(names(runs)).toEqual(["fp32", "bf16", "fp8-scaled", "mxfp4", "fp8"]);
  expect(names(broken)).toEqual(["fp32", "bf16", "fp8-scaled", "fp8", "mxfp4"]);
  expect(recipeResults(broken, "standard").at(-1)).toMatchObject({losses: [], mean: Number.NaN, diverged: 3});
});

it("seedNoise is two standard errors of a difference of means", () => {
  // Within each recipe the losses are apart by 0.01: their variance is 0.0001, each mean has three of them.
  expect(seedNoise(recipeResults(runs, "standard"))).toBeCloseTo(2 * Math.sqrt(0.0001 * (2 / 3)), 10);
  expect(seedNoise(recipeResults(broken, "standard"))).toBeCloseTo(2 * Math.sqrt(0.0001 * (2 / 3)), 10);
  const single = runs.filter(({seed}) => seed === 1);
  expect(seedNoise(recipeResults(single, "standard"))).toBeNaN();
});

it("rankingClaim counts what ends within noise of FP32, and names the furthest and what diverged", () => {
  expect(rankingClaim(recipeResults(runs, "standard"), "fp32")).toBe(
    "Standard: 2 of 4 recipes end within 0.016 nats of FP32, or below it, which is all that the seeds let one tell; " +
      "the furthest, FP8, plain, ends 0.90 nats higher.",
  );
  expect(rankingClaim(recipeResults(broken, "unit"), "fp32")).toContain("; MXFP4 diverged.");
  expect(rankingClaim(recipeResults(runs, "standard"), "fp64")).toBe("");
  const single = runs.filter(({seed}) => seed === 1);
  expect(rankingClaim(recipeResults(single, "unit"), "fp32")).toContain("without a second seed");
});

it("recipesTakeaway says what each scheme does for the recipes, from the data", () => {
  expect(recipesTakeaway({runs})).toBe(
    "Recipes that reach FP32, as far as 3 seeds let one tell: 2 of 4 under standard and 3 of 4 under unit scaling. " +
      "FP8, plain, costs 0.90 nats under standard and costs 0.09 nats under unit scaling.",
  );
  expect(recipesTakeaway({runs: []})).toBe("Every recipe on the same model and text.");
});
