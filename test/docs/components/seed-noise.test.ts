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

it("seedNoise is two standard errors of a difference of means, whatever a few recipes do", () => {
  // Within each recipe the losses are apart by 0.01: their variance is 0.0001, each mean has three of them.
  const noise = 2 * Math.sqrt((0.0001 / (8 / 9) ** 3) * (2 / 3));
  const results = recipeResults(runs, "standard");
  expect(seedNoise(results)).toBeCloseTo(noise, 10);
  expect(seedNoise(recipeResults(broken, "standard"))).toBeCloseTo(noise, 10);
  const scattered = runs.map((run) => (run.recipe === "fp8" ? {...run, loss: run.loss! + run.seed} : run));
  expect(seedNoise(recipeResults(scattered, "standard"))).toBeCloseTo(noise, 10);
  const single = runs.filter(({seed}) => seed === 1);
  expect(seedNoise(recipeResults(single, "standard"))).toBeNaN();
});

it("seedNoise covers the differences that equal recipes show", () => {
  // Normal losses of one spread, drawn by the sum of twelve uniform numbers: about one difference in twenty lies beyond.
  let state = 1;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const normal = () => Array.from({length: 12}, uniform).reduce((sum, x) => sum + x, -6);
  const results = Array.from({length: 200}, (_, i) => {
    const losses = [normal(), normal(), normal()];
    const mean = (losses[0] + losses[1] + losses[2]) / 3;
    return {scheme: "unit", recipe: `r${i}`, losses, mean, diverged: 0};
  });
  const noise = seedNoise(results);
  const beyond = results.slice(1).filter(({mean}, i) => Math.abs(mean - results[i].mean) > noise);
  expect(beyond.length / 199).toBeGreaterThan(0.01);
  expect(beyond.length / 199).toBeLessThan(0.09);
});

it("rankingClaim counts what ends within noise of FP32, and names the furthest and what diverged", () => {
  expect(rankingClaim(recipeResults(runs, "standard"), "fp32")).toBe(
    "Standard: 2 of 4 recipes end within 0.019 nats of FP32, or below it, which is all that the seeds let one tell; " +
      "the furthest, FP8, plain, ends 0.90 nats higher.",
  );
  expect(rankingClaim(recipeResults(broken, "unit"), "fp32")).toContain("; MXFP4 diverged.");
  expect(rankingClaim(recipeResults(runs, "standard"), "fp64")).toBe("");
  const single = runs.filter(({seed}) => seed === 1);
  expect(rankingClaim(recipeResults(single, "unit"), "fp32")).toContain("without a second seed");
});

it("recipesTakeaway says what each scheme does for the recipes, from the data", () => {
  expect(recipesTakeaway({runs})).toBe(
    "FP8 without any scale costs 0.90 nats under standard and 0.09 nats under unit scaling. As far as 3 seeds let one " +
      "tell, these recipes reach FP32: 2 of 4 under standard and 3 of 4 under unit scaling.",
  );
  const lost = recipeRunsRows({diverged: ["fp8"]}).runs;
  expect(recipesTakeaway({runs: lost})).toContain("costs everything under standard and unit scaling.");
  expect(recipesTakeaway({runs: []})).toBe("Every recipe on the same model and text.");
});
