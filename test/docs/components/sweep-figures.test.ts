import {expect, it, vi} from "vitest";
import {lightPalette} from "../../../docs/components/palette.js";
import {parallelChart, parallelLayout} from "../../../docs/components/parallel-chart.js";
import {runCurvesChart} from "../../../docs/components/run-curves-chart.js";
import {sweepAxes} from "../../../docs/components/sweep-axes.js";
import {sweepRuns} from "../../../docs/components/sweep-run.js";
import {sweeps} from "../../../docs/components/sweeps.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";
import {loadRows, smallIndex, smallSweep} from "./sweep-rows.js";

const {info, rows} = smallSweep();
const runs = sweepRuns(rows, info);
const axes = sweepAxes(runs, info.differing);

async function setUp({query = "", width = 960} = {}) {
  const {window, document} = page({url: `https://example.org/sweeps${query}`, width});
  vi.stubGlobal("document", document);
  const startWorker = vi.fn();
  const parts = await sweeps(smallIndex(), {load: loadRows, order: ["small", "long"], startWorker, document});
  for (const part of Object.values(parts)) document.body.append(part);
  const queryOf = () => Object.fromEntries(new URL(window.location.href).searchParams);
  const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
  await frame();
  const press = (element: Element, type = "click") => {
    element.dispatchEvent(new window.Event(type, {bubbles: true}));
    return frame();
  };
  const lines = () =>
    [...parts.table.querySelectorAll("tbody tr")].map((line) =>
      [...line.children].map((cell) => cell.textContent),
    );
  const box = (menu: string, value: string) => {
    const details = [...parts.filters.querySelectorAll("details")].find(
      (element) => element.querySelector("legend")!.textContent === menu,
    )!;
    const input = details.querySelector<HTMLInputElement>(`input[value="${value}"]`)!;
    input.checked = !input.checked;
    return press(input, "change");
  };
  const countOf = () => parts.filters.querySelector(".filter-count")!.textContent!;
  return {window, document, parts, query: queryOf, press, frame, lines, box, countOf, startWorker};
}

it("runCurvesChart(runs) draws shown runs over pale ones, and marked ones with their number", async () => {
  const {document} = page();
  const options = {
    shown: runs.slice(0, 6),
    marked: [runs[0], runs[3]],
    axes,
    colorAxis: axes[0],
    document,
  } as const;
  const chart = runCurvesChart(runs, {...options, scale: "loss", label: "curves", palette: lightPalette});
  await expectDrawing(chart, "run-curves");
  expect(chart.textContent).toContain("floor 0.600");
  const above = runCurvesChart(runs, {...options, scale: "above", label: "curves"});
  expect(above.textContent).not.toContain("floor 0.600");
});

it("parallelChart(runs) draws a line for each run from axis to axis, upright or lying", async () => {
  const {document} = page();
  const options = {
    axes,
    shown: runs.slice(0, 6),
    marked: [runs[0]],
    colorAxis: axes[0],
    label: "lines",
    document,
  };
  await expectDrawing(parallelChart(runs, {...options, palette: lightPalette}), "parallel");
  const narrow = parallelChart(runs, {...options, width: 320});
  expect(narrow.querySelectorAll("[data-run]")).toHaveLength(6);
  for (const width of [320, 960]) {
    const {lossAt, lossOf, range} = parallelLayout(runs, axes, width);
    for (const run of runs.filter(({loss}) => loss !== null))
      expect(lossOf(lossAt(run))).toBeCloseTo(run.loss!, 9);
    expect(range).toContain(lossAt(runs.find(({loss}) => loss === null)!));
  }
});

it("sweeps(index) says what a sweep asks and found, in the words of its file and the numbers of its runs", async () => {
  const {parts} = await setUp();
  expect(parts.chooser.querySelector("blockquote")!.textContent).toBe(
    "Whether FP8 costs anything.After figure 1 of a paper.",
  );
  expect(parts.chooser.textContent).toContain(
    "12 runs of models with 2k parameters on 41k tokens; 36 seconds of one core",
  );
  expect(parts.takeaway.textContent).toContain(
    "The lowest, 0.398 above the entropy of the language, is that of recipe=fp32 learningRate=0.008 seed=1.",
  );
  expect(parts.noiseClaim.textContent).toContain("10 runs in 5 groups differ in their seed only");
  expect(parts.ratesClaim.textContent).toContain("searched for 2 times");
  expect(parts.failures.textContent).toContain(
    "diverged at step 20: the training loss is not a finite number",
  );
  for (const part of [parts.curves, parts.parallel, parts.noise, parts.effects, parts.rates]) {
    expect(part.querySelector("svg[role=img]")!.getAttribute("aria-label")).not.toBe("");
  }
});

it("sweeps(index) filters table, curves and lines together, and keeps it in the address", async () => {
  const {parts, box, lines, query, countOf, press} = await setUp();
  expect(lines()).toHaveLength(12);
  await box("recipe", "fp8");
  expect(query()).toEqual({where: "recipe:fp8"});
  expect(lines()).toHaveLength(6);
  expect(parts.parallel.querySelectorAll("[data-run]")).toHaveLength(6);
  expect(countOf()).toMatch(/^6 of 12 runs: .*; 1 diverged\.$/);
  const search = parts.filters.querySelector<HTMLInputElement>("input[type=search]")!;
  search.value = "diverged";
  await press(search, "input");
  expect(lines()).toHaveLength(1);
  expect(query()).toEqual({where: "recipe:fp8", find: "diverged"});
  await press(
    [...parts.filters.querySelectorAll("button")].find(({textContent}) => textContent === "Show all")!,
  );
  expect(query()).toEqual({});
  expect(lines()).toHaveLength(12);
  const [from] = parts.filters.querySelectorAll<HTMLInputElement>(".filter-range input");
  from.value = "1.14";
  await press(from, "change");
  expect(query()).toEqual({where: "loss:1.14.."});
  expect(lines()).toHaveLength(5);
});

it("sweeps(index) opens as its address says, and ignores what means nothing", async () => {
  const {lines, parts, countOf} = await setUp({
    query: "?where=recipe:fp8;x:y&sort=-loss&find=seed%3D1&by=learningRate&runs=30100000",
  });
  expect(countOf()).toMatch(/^3 of 12 runs/);
  expect(lines()[0]).toContain("1.2480");
  expect(parts.details.querySelector("h3")!.textContent).toBe("Run recipe=fp8 learningRate=0.004 seed=1");
  expect(parts.curves.querySelector<HTMLSelectElement>(".color-legend select")!.value).toBe("learningRate");
  const foreign = await setUp({query: "?runs=zzzz&where=%%%&page=0&sweep=none"});
  expect(foreign.lines()).toHaveLength(12);
});

it("sweeps(index) marks runs by their boxes, shows their file, and unmarks them", async () => {
  const {parts, press, query} = await setUp({query: "?sort=run"});
  const tick = (at: number) => {
    const input = parts.table.querySelectorAll<HTMLInputElement>("tbody input")[at];
    input.checked = !input.checked;
    return press(input, "change");
  };
  await tick(0);
  await tick(1);
  expect(query().runs.split(",")).toHaveLength(2);
  expect(parts.curves.querySelectorAll(".marked-runs li")).toHaveLength(2);
  expect(parts.details.querySelector("pre")!.textContent).toMatch(/^recipe: /m);
  expect(parts.details.querySelector("a")!.getAttribute("href")).toMatch(/^\.\/lab\?compare=no/);
  await press(parts.curves.querySelector(".marked-runs button")!);
  expect(query().runs.split(",")).toHaveLength(1);
});

it("sweeps(index) sorts by the pressed head and turns the pages of a thousand runs", async () => {
  const {parts, press, lines, query} = await setUp({query: "?sweep=long"});
  expect(lines()).toHaveLength(20);
  const head = (key: string) => parts.table.querySelector(`th button[data-key="${key}"]`)!;
  await press(head("seed"));
  expect(lines()[0][1]).toBe("1");
  await press(head("seed"));
  expect(lines()[0][1]).toBe("1000");
  await press([...parts.table.querySelectorAll("button")].find(({textContent}) => textContent === "Next")!);
  expect(lines()[0][1]).toBe("980");
  expect(query()).toEqual({sweep: "long", sort: "-seed", page: "2"});
  expect(parts.table.querySelector("th[aria-sort]")!.getAttribute("aria-sort")).toBe("descending");
});

it("sweeps(index) forgets filter and marks when another sweep is chosen, and says when one cannot be read", async () => {
  const {parts, press, frame, query, countOf} = await setUp({query: "?where=recipe:fp8&runs=30100000"});
  const menu = parts.chooser.querySelector("select")!;
  menu.value = "long";
  await press(menu, "change");
  await frame();
  expect(query()).toEqual({sweep: "long"});
  expect(countOf()).toMatch(/^All 1000 runs/);
  expect(parts.rates.textContent).toContain("No learning rate was searched for");
  expect(parts.effects.textContent).toContain("No two runs of this sweep differ in this alone.");
});

it("sweeps(index) compares the values of the chosen thing with the chosen one", async () => {
  const {parts, query, press} = await setUp();
  const [axis, reference] = parts.effects.querySelectorAll("select");
  expect([axis.value, reference.value]).toEqual(["recipe", "fp32"]);
  const sentence = () => parts.effects.querySelector(".figure-sentence")!.textContent;
  expect(sentence()).toContain("1 end higher");
  reference.value = "fp8";
  await press(reference, "change");
  expect(sentence()).toContain("0 end higher, 1 lower");
  expect(query()).toEqual({reference: "fp8"});
});

it("sweeps() lists what the chosen sweep shows, and nothing where nothing is written down", async () => {
  const {parts} = await setUp();
  expect([...parts.findings.children].map(({textContent}) => textContent)).toEqual(["FP8 costs +0.100."]);
  const {parts: others} = await setUp({query: "?sweep=long"});
  expect(others.findings.hidden).toBe(true);
});
