import {expect, it} from "vitest";
import {axisEffects} from "../../../docs/components/axis-effects.js";
import {effectsClaim} from "../../../docs/components/effects-figure.js";
import {lightPalette, pagePalette} from "../../../docs/components/palette.js";
import {rateSearches} from "../../../docs/components/rate-searches.js";
import {ratesClaim} from "../../../docs/components/rates-figure.js";
import {leastDifference, pooledSpread, replicatesOf} from "../../../docs/components/replicates.js";
import {valueColors} from "../../../docs/components/run-colors.js";
import {runColumns, sortedRuns} from "../../../docs/components/run-columns.js";
import {isSmall, labAddress, settingsFile} from "../../../docs/components/run-details.js";
import {failuresClaim} from "../../../docs/components/run-failures.js";
import {filteredRuns, filterText, parseFilter} from "../../../docs/components/run-filter.js";
import {runTitle} from "../../../docs/components/run-title.js";
import {countText, sweepAxes, sweepAxis} from "../../../docs/components/sweep-axes.js";
import {type SweepRun, sweepRuns} from "../../../docs/components/sweep-run.js";
import {smallIndex, smallSweep} from "./sweep-rows.js";

const {info, rows} = smallSweep();
const runs = sweepRuns(rows, info);
const axes = sweepAxes(runs, info.differing);

/** Runs of which only the settings matter. */
const withSettings = (...list: readonly object[]): SweepRun[] =>
  list.map((settings, i) => ({
    ...runs[0],
    name: String(i),
    settings: {...runs[0].settings, ...settings},
    parameters: ((settings as {width?: number}).width ?? 1) * 10,
  }));
const keysOf = (list: readonly SweepRun[], differing: readonly string[]) =>
  sweepAxes(list, differing).map(({key}) => key);

it("sweepRuns(rows) put together settings, floor and verdict, and place a curve's points amid their steps", () => {
  const [first] = runs;
  expect(first.settings).toMatchObject({recipe: "fp32", learningRate: 0.004, seed: 1, steps: 40});
  expect(first.aboveFloor).toBeCloseTo(first.loss! - 0.6, 12);
  expect(first.curve.map(({step}) => step)).toEqual([
    2.5, 6.5, 10.5, 14.5, 18.5, 22.5, 26.5, 30.5, 34.5, 38.5,
  ]);
  expect(runs.map(({verdict}) => verdict).filter((verdict) => verdict !== "finished")).toEqual(["diverged"]);
  const [idle] = sweepRuns([{...rows[0], held_out_loss: 9}], info);
  expect(idle.verdict).toBe("did not learn");
});

it("sweepRuns(rows) give weights that were quantized after training the curve of their run, and names of their own", () => {
  const quantized = {...rows[0], after_training: "int4 row", held_out_loss: 1.5, curve: []};
  const [trained, ...others] = sweepRuns(
    [rows[0], quantized, {...quantized, after_training: "int2 row"}],
    info,
  );
  expect(others.map(({name}) => name)).toEqual([`${trained.name}.1`, `${trained.name}.2`]);
  expect(others[0].curve).toBe(trained.curve);
  const axis = sweepAxes([trained, ...others], []).find(({key}) => key === "afterTraining")!;
  expect(axis.values.map(axis.format)).toEqual(["as trained", "int4 row", "int2 row"]);
});

it("sweepAxes(runs) name every difference once, seeds last", () => {
  expect(axes.map(({key}) => key)).toEqual(["recipe", "learningRate", "seed"]);
  expect(axes[1].values).toEqual(["0.004", "0.008", "0.016"]);
  // Heads go with the width; without different lengths the width says more than the number of parameters.
  const wide = withSettings({width: 16, heads: 2}, {width: 32, heads: 4});
  expect(keysOf(wide, ["width", "heads"])).toEqual(["width"]);
  const sizes = withSettings(
    {width: 16, steps: 10, warmup: 1},
    {width: 32, steps: 10, warmup: 1},
    {width: 16, steps: 20, warmup: 2},
  );
  expect(keysOf(sizes, ["width", "steps", "warmup"])).toEqual(["N", "D"]);
  expect(sweepAxis("N", sizes).values).toEqual(["160", "320"]);
});

it("sweepAxes(runs) leave out casts that follow from others, and what is only noted of a run", () => {
  const casts = withSettings(
    {forwardWeight: "recipe", inputGradientWeight: "recipe", probeEvery: 5},
    {forwardWeight: "int4 row", inputGradientWeight: "forward"},
    {forwardWeight: "int8 row", inputGradientWeight: "forward"},
  );
  expect(keysOf(casts, ["forwardWeight", "inputGradientWeight", "probeEvery"])).toEqual(["forwardWeight"]);
  expect(casts.map((run) => runTitle(run, sweepAxes(casts, ["forwardWeight"])))).toEqual([
    "0",
    "forwardWeight=int4 row",
    "forwardWeight=int8 row",
  ]);
});

it("parseFilter(text) reads what filterText(filter) wrote, and leaves out what means nothing", () => {
  const casts = withSettings({forwardWeight: "a|b;c\\d"}, {forwardWeight: "recipe"});
  const castAxes = sweepAxes(casts, ["forwardWeight"]);
  const filter = {
    values: {forwardWeight: ["a|b;c\\d"]},
    ranges: {loss: [1.25, null], seconds: [null, 1e-7]},
    text: "",
  } as const;
  expect(parseFilter(filterText(filter), "", castAxes)).toEqual(filter);
  expect(parseFilter("recipe:fp8|fp9;nonsense;loss:a..b;color:red", "x", axes)).toEqual({
    values: {recipe: ["fp8"]},
    ranges: {},
    text: "x",
  });
});

it("filteredRuns(runs, filter) are those with a ticked value, within the ranges, and with all words", () => {
  const count = (where: string, text = "") => filteredRuns(runs, parseFilter(where, text, axes), axes).length;
  expect(count("")).toBe(12);
  expect(count("recipe:fp8")).toBe(6);
  expect(count("recipe:fp8;learningRate:0.004|0.008;seed:2")).toBe(2);
  expect(count("loss:..1.01")).toBe(2);
  expect(count("loss:..9")).toBe(11); // one has no loss
  expect(count("", "FP8 diverged")).toBe(1);
  expect(count("", "learningrate=0.008 seed=1")).toBe(2);
});

it("replicatesOf(runs) differ in their seed only, and pooledSpread(groups) is what was put in", () => {
  const groups = replicatesOf(runs);
  expect(groups.map((group) => group.runs.length)).toEqual([2, 2, 2, 2, 2]);
  for (const {
    runs: [a, b],
    mean,
  } of groups)
    expect((a.loss! + b.loss!) / 2).toBeCloseTo(mean, 12);
  // Two values ±0.002 around their mean, over the median of χ² with one degree of freedom.
  expect(pooledSpread(groups)).toBeCloseTo(Math.sqrt((2 * 0.002 ** 2) / (7 / 9) ** 3), 9);
  expect(pooledSpread([])).toBeNaN();
  expect(leastDifference(0.01, 2, 2)).toBeCloseTo(0.02, 12);
  // The same run, once with more noted of it, says nothing about seeds.
  const twice = withSettings({probeEvery: 0}, {probeEvery: 5});
  expect(replicatesOf(twice)).toEqual([]);
});

it("rateSearches(runs) find the best rate and whether a worse one lies on both sides", () => {
  const searches = rateSearches(runs, axes);
  expect(searches.map(({label, best, isInterior}) => [label, best!.rate, isInterior])).toEqual([
    ["recipe=fp32", 0.008, true],
    ["recipe=fp8", 0.008, true],
  ]);
  expect(searches[1].results[2].loss).toBeNull(); // one seed diverged
  expect(ratesClaim(searches)).toContain("always has a worse one on both sides");
  const slow = runs
    .filter(({settings}) => settings.recipe === "fp32")
    .map((run) => ({...run, loss: run.settings.learningRate}));
  expect(ratesClaim(rateSearches(slow, axes))).toContain("1 time it is at the end of the list");
  expect(ratesClaim([])).toContain("one or two learning rates");
});

it("rateSearches(runs) compare rates by the seeds that all of them have", () => {
  const [worse] = runs.filter(({settings}) => settings.learningRate === 0.008 && settings.seed === 2);
  const own = runs.filter(({settings}) => settings.recipe === "fp32" && settings.seed === 1);
  const [search] = rateSearches([...own, {...worse, loss: 9}], axes);
  expect(search.best!.rate).toBe(0.008);
  expect(search.best!.runs).toHaveLength(2);
});

it("axisEffects(runs, axes) compare what differs in one thing, each side at its best rate", () => {
  const [recipe] = axes;
  const effects = axisEffects(runs, axes, {axis: recipe, reference: "fp32", spread: 0.003});
  expect(effects).toHaveLength(1);
  expect(effects[0].difference).toBeCloseTo(0.1, 12);
  expect(effects[0].least).toBeCloseTo(0.006, 12);
  expect(effectsClaim(effects, {axis: recipe, reference: "fp32"})).toBe(
    "Against recipe fp32, of 1 pair: 1 end higher, 0 lower, and 0 no further apart than seeds can put them.",
  );
  const noisy = axisEffects(runs, axes, {axis: recipe, reference: "fp8", spread: 0.2});
  expect(effectsClaim(noisy, {axis: recipe, reference: "fp8"})).toContain("No pair tells fp32 from fp8.");
  const blind = axisEffects(runs, axes, {axis: recipe, reference: "fp8", spread: Number.NaN});
  expect(effectsClaim(blind, {axis: recipe, reference: "fp8"})).toContain("Without replicates");
});

it("axisEffects(runs, axes) compare runs of the same seeds where both sides have them", () => {
  const [recipe] = axes;
  const options = {axis: recipe, reference: "fp32", spread: 0.003};
  const ofSeed = (seed: number) =>
    runs.filter(({settings}) => settings.recipe === "fp32" || settings.seed === seed);
  const [{difference, least}] = axisEffects(ofSeed(2), axes, options);
  expect(difference).toBeCloseTo(0.1, 12);
  expect(least).toBeCloseTo(2 * 0.003 * Math.SQRT2, 12);
});

it("sortedRuns(runs, columns, sort) put what has no value last, in either direction", () => {
  const columns = runColumns({info, runs, axes});
  expect(columns.map(({key}) => key)).toEqual([
    "recipe",
    "learningRate",
    "seed",
    "N",
    "D",
    "loss",
    "above",
    "seconds",
    "verdict",
    "run",
  ]);
  for (const sort of ["loss", "-loss"])
    expect(sortedRuns(runs, columns, sort).at(-1)!.verdict).toBe("diverged");
  expect(sortedRuns(runs, columns, "loss")[0].loss).toBe(0.998);
  expect(sortedRuns(runs, columns, "-recipe")[0].settings.recipe).toBe("fp8");
  expect(sortedRuns(runs, columns, "nonsense")).toEqual(runs);
});

it("failuresClaim(sweep) counts what went wrong, and says so where nothing did", () => {
  expect(failuresClaim({runs, info})).toBe(
    "One run of 12 diverged, and all others learned something. The settings file plans 14 runs today, of which 2 are not published; 1 could not be computed.",
  );
  const fine = runs.filter(({loss}) => loss !== null);
  expect(failuresClaim({runs: fine, info: {...info, runs: 11, missing: 0}})).toBe(
    "None of the 11 runs diverged, and all others learned something. Every run that the settings file plans is published.",
  );
});

it("runColumns(sweep) leave what follows from other settings to the file", () => {
  const list = withSettings({width: 16, heads: 2}, {width: 32, heads: 4});
  const sweep = {
    runs: list,
    axes: sweepAxes(list, ["width", "heads"]),
    info: {...info, differing: ["width", "heads"] as const},
  };
  const names = (columns: ReturnType<typeof runColumns>) => columns.map(({key}) => key);
  expect(names(runColumns(sweep))).not.toContain("heads");
  expect(names(runColumns(sweep, {isFull: true}))).toContain("heads");
});

it("settingsFile(run) names the weights that it leads to, and every setting that is not the default", () => {
  const text = settingsFile(runs[1], info);
  expect(text).toContain(`arrives at weights hash ${runs[1].id}`);
  expect(text).toMatch(/^recipe: fp32$/m);
  expect(text).toMatch(/^seed: 2$/m);
});

it("isSmall(run) needs a text that a browser makes and at most 10¹² operations", () => {
  const [run] = runs;
  expect(isSmall(run, smallIndex())).toBe(true);
  expect(isSmall({...run, parameters: 10_000_000}, smallIndex())).toBe(false);
  expect(isSmall({...run, settings: {...run.settings, corpus: "shakespeare"}}, smallIndex())).toBe(false);
  const query = new URL(labAddress(run, info), "https://example.org").searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    compare: "no",
    recipe: "fp32",
    learningRate: "0.004",
    scheme: "standard",
  });
});

it("valueColors(axis) are hues for words and shades for numbers, as text where they follow the page", () => {
  const [recipe, rate] = axes;
  expect(valueColors(recipe, lightPalette)).toEqual([lightPalette.chance, lightPalette.backward]);
  expect(valueColors(rate, lightPalette)[1]).toMatch(/^#[0-9a-f]{6}$/);
  expect(valueColors(rate, pagePalette)[1]).toMatch(
    /^color-mix\(in srgb, var\(--bitscape-chance\), .* 50%\)$/,
  );
});

it("countText(count) has three digits", () => {
  expect([999, 155_904, 3_172_352, 1e12].map(countText)).toEqual(["999", "156k", "3.17M", "1000G"]);
});
