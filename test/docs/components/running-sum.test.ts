import {beforeAll, expect, it} from "vitest";
import {initialState, pageState} from "../../../docs/components/page-state.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {randomBitsClaim} from "../../../docs/components/random-bits-claim.js";
import {randomBitsColumns, randomBitsMeans} from "../../../docs/components/random-bits-columns.js";
import {roundingChoices} from "../../../docs/components/rounding-choices.js";
import {runningSumChart} from "../../../docs/components/running-sum-chart.js";
import {runningSumFigure} from "../../../docs/components/running-sum-figure.js";
import {runningSumSentence} from "../../../docs/components/running-sum-sentence.js";
import {runningSumSettings} from "../../../docs/components/running-sum-settings.js";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {sumRuns} from "../../../src/precision/running-sum.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

let kernels: Kernels;

beforeAll(async () => {
  kernels = await createKernels();
});

const settings = {...runningSumSettings(initialState(roundingChoices([]))), count: 1000};

it("runningSumChart(runs) draws the exact sum, the nearest one, eight runs and their mean", async () => {
  const {document} = page();
  const chart = runningSumChart(sumRuns(kernels, settings), {settings, palette: lightPalette, document});
  expect(chart.querySelectorAll("g[stroke-opacity='0.45'] path")).toHaveLength(8);
  await expectDrawing(chart, "running-sum-wide-light");
});

it("runningSumSentence(runs) says where each sum ends, and which ones stop", () => {
  const runs = sumRuns(kernels, settings);
  expect(runningSumSentence(runs, settings)).toMatch(
    /^1,000 random numbers between 0 and 1 add up to \d+(\.\d)?\. Rounded to the nearest BF16 value after every addition, the sum stops at 256, after \d+ of them\. Rounded by chance, 8 runs end between \d+ and \d+, at /,
  );
  const constant = {...settings, add: 1, count: 200} as const;
  expect(runningSumSentence(sumRuns(kernels, constant), constant)).toContain("200 times 1 add up to 200.");
  expect(runningSumSentence(sumRuns(kernels, constant), constant)).toContain("the sum ends at 200.");
});

it("runningSumFigure computes anew when a control changes, and comes back with the address", () => {
  const {window, document} = page();
  const state = pageState(roundingChoices([]), window);
  const figure = runningSumFigure({state, kernels, document});
  document.body.append(figure);
  const label = () => figure.querySelector("svg")!.getAttribute("aria-label")!;
  const first = label();
  figure.querySelector<HTMLButtonElement>("[aria-label='Next seed']")!.click();
  expect(state.get().seed).toBe("2");
  expect(label()).not.toBe(first);
  state.set({count: "1000", form: "a", random: "1"});
  expect(label()).toContain("8 runs end between 256 and 256");
  const again = page({url: window.location.href});
  const copy = runningSumFigure({
    state: pageState(roundingChoices([]), again.window),
    kernels,
    document: again.document,
  });
  again.document.body.append(copy);
  expect(copy.querySelector("svg")!.getAttribute("aria-label")).toBe(label());
  const field = figure.querySelector<HTMLInputElement>("#running-sum-seed")!;
  field.value = "-4";
  field.dispatchEvent(new window.Event("input"));
  expect(figure.querySelector("#running-sum-seed-error")!.textContent).toContain('"-4" is not a seed');
  figure.querySelector<HTMLButtonElement>("[aria-label='Previous seed']")!.click();
  expect(state.get().seed).toBe("1");
});

it("runningSumFigure has a table whose last line is the end of the sums", () => {
  const {window, document} = page({url: "https://example.org/rounding?count=1000"});
  const state = pageState(roundingChoices([]), window);
  const figure = runningSumFigure({state, kernels, document});
  document.body.append(figure);
  const details = figure.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  const lines = figure.querySelectorAll("tbody tr");
  expect(lines).toHaveLength(20);
  const cells = [...lines[19].children].map((cell) => Number(cell.textContent));
  const {nearest, mean, stochastic} = sumRuns(kernels, settings);
  const ends = [nearest, mean, ...stochastic].map((sums) => Number(sums.at(-1)!.toPrecision(6)));
  expect(cells).toEqual([1000, expect.any(Number), ...ends]);
});

it("randomBitsMeans(rows) average the runs of each form, and the claim names those that arrive", () => {
  const rows = ["a", "b"].flatMap((form) =>
    [1, 8].flatMap((bits) =>
      [1, 2].map((run) => {
        const arrives = bits === 8 && form === "b";
        return {form, bits, run, end: arrives ? 100 + run / 2 : 10 * run, exact: 100};
      }),
    ),
  );
  const means = randomBitsMeans(rows);
  expect(means).toEqual([
    {bits: 1, means: {a: 15, b: 15}, exact: 100},
    {bits: 8, means: {a: 15, b: 100.75}, exact: 100},
  ]);
  expect(randomBitsClaim(means)).toBe(
    "Of the numbers of bits in the table, the first that brings the mean within 5% of the true sum is none in form A and 8 in form B.",
  );
  expect(randomBitsColumns(means).map(({name, value}) => [name, value(means[1])])).toEqual([
    ["random bits", 8],
    ["form A", "15 (15%)"],
    ["form B", "101 (101%)"],
  ]);
});
