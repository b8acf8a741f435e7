import fc from "fast-check";
import {expect, it} from "vitest";
import {type ConstantRow, constantsChart, valueText} from "../../../docs/components/constants-chart.js";
import {edited, newHistory, redone, undone} from "../../../docs/components/edit-history.js";
import {type HeldOutRow, heldOutChart} from "../../../docs/components/held-out-chart.js";
import {heldOutSentence} from "../../../docs/components/held-out-figure.js";
import {drawnRows, mostDrawn, residualPercent} from "../../../docs/components/law-points.js";
import {lawResidualChart} from "../../../docs/components/law-residual-chart.js";
import {correlation} from "../../../docs/components/pair-chart.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {nearestRow} from "../../../docs/components/point-gestures.js";
import {predictedChart} from "../../../docs/components/predicted-chart.js";
import {isRowList, rowListText, rowsOfList} from "../../../docs/components/row-list.js";
import {shortCount} from "../../../docs/components/short-count.js";
import {shortNumber} from "../../../docs/components/short-number.js";
import {symbolPieces} from "../../../docs/components/symbol-text.js";
import {page} from "./page.js";

it("a list of rows comes back from its text, whatever the rows", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({min: 1, max: 300})), (rows) => {
      const text = rowListText(rows);
      expect(isRowList(text)).toBe(text.length <= 2000);
      expect([...rowsOfList(text, 300)].sort((a, b) => a - b)).toEqual([...rows].sort((a, b) => a - b));
    }),
  );
  expect(rowListText([9, 1, 2, 3])).toBe("1-3.9");
});

it("a list of rows that an address asks for is no longer than the table", () => {
  expect([...rowsOfList("2-9999999", 4)]).toEqual([2, 3, 4]);
  for (const text of ["0", "1,2", "-3", "1-", "x", "1..2"]) expect(isRowList(text), text).toBe(false);
});

it("edits can be undone and redone; a new edit ends what could be redone", () => {
  const history = edited(edited(newHistory("a"), "b"), "c");
  expect(undone(history).present).toBe("b");
  expect(redone(undone(history))).toEqual(history);
  expect(redone(edited(undone(history), "d")).present).toBe("d");
  expect(undone(newHistory("a")).present).toBe("a");
});

it("large tables are drawn in part, evenly, with the rows that must be seen", () => {
  expect(drawnRows(5)).toEqual([0, 1, 2, 3, 4]);
  const drawn = drawnRows(1_000_000, [999_999]);
  expect(drawn.length).toBeLessThanOrEqual(mostDrawn + 1);
  expect(drawn.at(-1)).toBe(999_999);
  expect(new Set(drawn).size).toBe(drawn.length);
});

it("numbers are short, symbols have their subscripts", () => {
  expect([482.01, 18060, 0.3478, 4.299e-5, 1e7, 0, Number.NaN].map((value) => shortNumber(value))).toEqual([
    "482",
    "18060",
    "0.348",
    "4.3·10⁻⁵",
    "1·10⁷",
    "0",
    "none",
  ]);
  expect([999, 57_100_000, 1.5e9, 5.76e23, Infinity].map(shortCount)).toEqual([
    "999",
    "57.1M",
    "1.5B",
    "5.8·10²³",
    "none",
  ]);
  expect(symbolPieces("γ_D/P_post")).toEqual([
    {text: "γ", isLow: false},
    {text: "D", isLow: true},
    {text: "/P", isLow: false},
    {text: "post", isLow: true},
  ]);
});

const point = (row: number, measured: number, predicted: number, isDropped = false) => ({
  ...{row, label: `run ${row}`, measured, predicted, isDropped, along: 10 ** (6 + row)},
});

it("residuals say by how much the measured loss lies above the law", () => {
  expect(residualPercent(point(0, 2.02, 2))).toBeCloseTo(1, 9);
  expect(residualPercent(point(0, 1.9, 2))).toBeCloseTo(-5, 9);
});

it("predictedChart(points) draws a mark for each run, and where the fit before had those that moved", () => {
  const {document} = page();
  const points = [point(0, 2, 2), point(1, 3, 3.1), {...point(2, 4, 4.2), before: 3.6}, point(3, 9, 4, true)];
  const {chart, places} = predictedChart(points, {label: "four runs", palette: lightPalette, document});
  expect(places.map(({row}) => row)).toEqual([0, 1, 2, 3]);
  expect(chart.querySelectorAll('circle[r="3.5"]')).toHaveLength(3);
  expect(chart.querySelectorAll('circle[r="2.5"]')).toHaveLength(1);
  expect(nearestRow(places, {x: places[1].x + 3, y: places[1].y - 3})).toBe(1);
  expect(nearestRow(places, {x: 0, y: 0})).toBeUndefined();
});

it("lawResidualChart(points) keeps far dropped runs at the edge, and what is not rounded beside the axis", () => {
  const {document} = page();
  const axis = {title: "bits", scale: "linear" as const};
  const points = [
    {...point(0, 2, 2), along: 3},
    {...point(1, 2.02, 2), along: 4},
    {...point(2, 2, 2), along: Number.POSITIVE_INFINITY},
    {...point(3, 9, 2, true), along: 4},
  ];
  const {places} = lawResidualChart(points, {axis, label: "residuals", document});
  expect(places[3].y).toBe(26);
  expect(places[2].x).toBeGreaterThan(900);
  expect(places[1].y).toBeLessThan(places[0].y);
});

it.each([
  [4.4e7, 1.6e10, 960],
  [4.4e7, 1.6e10, 344],
  [2136, 402_816, 344],
  [1.3e5, 8.4e6, 960],
  [3, 14, 344],
])(
  "lawResidualChart(points) has room between the ticks of a logarithmic axis from %d to %d in %d pixels",
  (low, high, width) => {
    const {document} = page();
    const points = [
      {...point(0, 2, 2), along: low},
      {...point(1, 2, 2), along: high},
    ];
    const axis = {title: "parameters N", scale: "log" as const};
    const {chart} = lawResidualChart(points, {axis, width, label: "residuals", document});
    const places = [...chart.querySelectorAll("text")]
      .filter(({textContent}) => /^\d[\d.]*[kMB]?$/.test(textContent ?? ""))
      .map((text) => /translate\(([\d.]+),([\d.]+)\)/.exec(text.getAttribute("transform") ?? "")!)
      .filter(([, , y]) => Number(y) > 280)
      .map(([, x]) => Number(x))
      .sort((a, b) => a - b);
    expect(places.length).toBeGreaterThan(1);
    const gaps = places.slice(1).map((x, i) => x - places[i]);
    expect(Math.min(...gaps)).toBeGreaterThan(24);
    expect(places.at(-1)! - places[0]).toBeGreaterThan(width / 4);
  },
);

const constant: ConstantRow = {
  ...{name: "A", symbol: "A", scale: "log", value: 480, interval: [350, 650], before: 500, note: ""},
  published: [
    {name: "replication", value: 482, interval: [290, 800], isSameData: true},
    {name: "far", value: 1e9, interval: null, isSameData: false},
  ],
};

it("constantsChart(rows) shows value, interval, the fit before and published values, far ones as arrows", () => {
  const {document} = page();
  const chart = constantsChart(
    [constant, {...constant, name: "E", value: Number.NaN, interval: null, note: "not identified"}],
    {
      ...{label: "constants", palette: lightPalette, document},
    },
  );
  expect(chart.querySelectorAll("circle[data-value]")).toHaveLength(1);
  expect(chart.textContent).toContain("480 (350 to 650)");
  expect(chart.textContent).toContain("not identified");
  expect(valueText({...constant, interval: null, note: "held fixed"})).toBe("480, held fixed");
});

const form = (law: string, heldOut: number, isAmongBest: boolean): HeldOutRow => ({
  ...{law, title: law, constants: 5, heldOut, inSample: heldOut / 2, isAmongBest},
});

it("heldOutSentence(rows) names the winner and what cannot be told from it", () => {
  expect(heldOutSentence([form("a", 1, true), form("b", 1.1, true), form("c", 4, false)])).toBe(
    "a predicts runs left out best, to 1 %. b is as good, within two standard errors. Then comes c with 4 %.",
  );
  expect(heldOutSentence([form("a", Number.NaN, false)])).toContain("None of the forms");
});

it("heldOutChart(rows) cuts the bar of a form that fails, so that the others can be told apart", () => {
  const {document} = page();
  const chart = heldOutChart([form("a", 1, true), form("b", 1000, false)], {
    chosen: "a",
    label: "forms",
    document,
  });
  const widths = [...chart.querySelectorAll("rect")].map((bar) => Number(bar.getAttribute("width")));
  expect(widths[1] / widths[0]).toBeCloseTo(8, 9);
  expect(chart.textContent).toContain("1000 % →");
});

it("correlation(points) is 1 along a rising line and -1 along a falling one", () => {
  const line = [0, 1, 2, 5];
  expect(correlation(line.map((x) => ({x, y: 2 * x + 1})))).toBeCloseTo(1, 12);
  expect(correlation(line.map((x) => ({x, y: -x})))).toBeCloseTo(-1, 12);
});
