import {inflateSync} from "node:zlib";
import {beforeAll, describe, expect, it, test} from "vitest";
import {maximumAt, ruleRows, unitBlock} from "../../../docs/components/binade-block.js";
import {
  bitsPerValue,
  blockAt,
  blockCast,
  blockLosses,
  regionOf,
} from "../../../docs/components/block-cast.js";
import {
  binadeSteps,
  blockChoices,
  shownElements,
  shownScalings,
} from "../../../docs/components/block-choices.js";
import {blockDetails} from "../../../docs/components/block-details.js";
import {blockFigure} from "../../../docs/components/block-figure.js";
import {decibels, decibelText} from "../../../docs/components/block-losses.js";
import {blockSizeChart} from "../../../docs/components/block-size-chart.js";
import {blockSizeErrors, blockSizes} from "../../../docs/components/block-size-errors.js";
import {generatedWeights} from "../../../docs/components/generated-weights.js";
import {grayPng} from "../../../docs/components/gray-png.js";
import {lostShare, matrixPicture} from "../../../docs/components/matrix-picture.js";
import {nightPicture} from "../../../docs/components/night-picture.js";
import {pageState} from "../../../docs/components/page-state.js";
import {ruleChart} from "../../../docs/components/rule-chart.js";
import {ruleFigure} from "../../../docs/components/rule-figure.js";
import {shownMatrices} from "../../../docs/components/shown-matrices.js";
import {specialResults} from "../../../docs/components/special-blocks.js";
import {specialTable} from "../../../docs/components/special-table.js";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {quantizeMatrix} from "../../../src/precision/quantize-matrix.js";
import {page} from "./page.js";

let kernels: Kernels;

beforeAll(async () => {
  kernels = await createKernels();
});

it("grayPng(pixels) is a PNG file that holds them", () => {
  const bytes = Uint8Array.from({length: 300 * 250}, (_, i) => (i * 7) % 256);
  const file = Buffer.from(grayPng({width: 300, height: 250, bytes}).split(",")[1], "base64");
  expect(file.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([300, 250]);
  const start = file.indexOf("IDAT");
  const length = file.readUInt32BE(start - 4);
  // Checks the sum of zlib.
  const rows = inflateSync(file.subarray(start + 4, start + 4 + length));
  expect(rows.length).toBe(250 * 301);
  for (const y of [0, 124, 249]) {
    expect(rows[301 * y]).toBe(0);
    expect([...rows.subarray(301 * y + 1, 301 * (y + 1))]).toEqual([
      ...bytes.subarray(300 * y, 300 * (y + 1)),
    ]);
  }
  // The check value that every PNG file ends with.
  expect(file.subarray(-4)).toEqual(Buffer.from([0xae, 0x42, 0x60, 0x82]));
});

describe("blockCast(matrix, format, scaling)", () => {
  test.each(Object.keys(shownScalings))("gives the bits of the kernels with %s scaling", (scaling) => {
    for (const matrix of [
      nightPicture(),
      generatedWeights(kernels, {rows: 64, columns: 64, outliers: [3]}),
    ]) {
      for (const element of Object.keys(shownElements)) {
        const cast = blockCast(matrix, element, scaling);
        const mark = kernels.mark();
        const address = kernels.allocate(4 * matrix.values.length);
        kernels.float32(address, matrix.values.length).set(matrix.values);
        quantizeMatrix(kernels, cast.quantizer, address, address, matrix.rows, matrix.columns);
        const expected = kernels.float32(address, matrix.values.length).slice();
        kernels.release(mark);
        expect(new Uint32Array(cast.values.buffer)).toEqual(new Uint32Array(expected.buffer));
      }
    }
  });

  it("finds the block of an element, and the elements of a block", () => {
    const matrix = generatedWeights(kernels, {rows: 20, columns: 40});
    const cast = blockCast(matrix, "e2m1", "nvfp4,2d");
    expect(cast.grid).toEqual({rows: 2, columns: 3});
    expect(blockAt(cast, 17, 33)).toBe(5);
    expect(regionOf(cast, 5)).toEqual({row: 16, column: 32, rows: 4, columns: 8});
  });

  it("counts what is flushed to zero and what saturates, block by block and in all", () => {
    const values = Float32Array.of(7, 0.1, 0, 2, 1, 1, 1, 1);
    const cast = blockCast({rows: 2, columns: 4, values}, "e2m1", "block:1x4,e8m0,floor");
    // Scale 1: 7 saturates to 6, 0.1 becomes 0.
    expect(blockLosses(cast, 0)).toMatchObject({elements: 4, flushed: 1, saturated: 1});
    expect(blockLosses(cast, 1)).toEqual({
      elements: 4,
      flushed: 0,
      saturated: 0,
      ratio: Number.POSITIVE_INFINITY,
    });
    expect(blockLosses(cast)).toMatchObject({elements: 8, flushed: 1, saturated: 1});
    expect(bitsPerValue(cast)).toBe(4 + 8 / 4);
  });
});

it("decibelText(ratio) has words for what is no number", () => {
  expect(decibelText(decibels(100, 1))).toBe("20.0 dB");
  expect(decibelText(decibels(1, 0))).toBe("exact");
  expect(decibelText(Number.NaN)).toBe("no number");
});

it("lostShare(before, after) is 0 where nothing changed and at most 1", () => {
  expect([lostShare(2, 2), lostShare(2, 1.5), lostShare(2, 0), lostShare(1, 9), lostShare(0, 0)]).toEqual([
    0, 0.25, 1, 1, 0,
  ]);
  expect(lostShare(Number.NaN, Number.NaN)).toBe(1);
});

it("generatedWeights(kernels, options) multiplies outlying columns and nothing else", () => {
  const size = {rows: 8, columns: 16};
  const [plain, planted] = [
    generatedWeights(kernels, size),
    generatedWeights(kernels, {...size, outliers: [5]}),
  ];
  for (const [i, value] of plain.values.entries()) {
    expect(planted.values[i]).toBe(i % 16 === 5 ? Math.fround(24 * value) : value);
  }
});

it("nightPicture() is light from 0 to 1, mostly dark", () => {
  const {rows, columns, values} = nightPicture();
  expect(values.length).toBe(rows * columns);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThanOrEqual(1);
  expect(values.filter((light) => light < 0.05).length).toBeGreaterThan(values.length / 2);
});

describe("matrixPicture(matrix, options)", () => {
  const draw = (options: object = {}) => {
    const {document, window} = page();
    const matrix = generatedWeights(kernels, {rows: 8, columns: 8});
    const cast = blockCast(matrix, "e2m1", "block:2x4,fp32");
    const chart = matrixPicture(matrix, {
      after: cast.values,
      block: cast.block,
      selected: regionOf(cast, 1),
      isLight: false,
      notes: ["a", "b", "c"],
      label: "What it shows",
      width: 960,
      document,
      ...options,
    });
    return {chart, window};
  };

  it("shows three pictures with borders and the chosen block, and has a name", () => {
    const {chart} = draw();
    expect(chart.getAttribute("aria-label")).toBe("What it shows");
    expect(chart.querySelectorAll("image")).toHaveLength(3);
    expect(chart.querySelectorAll(".selected-block")).toHaveLength(6);
    // Three lines across and one down, in each picture.
    expect(chart.querySelector("path")!.getAttribute("d")!.split("M")).toHaveLength(1 + 4);
  });

  it("stacks the pictures where they have no room side by side", () => {
    const height = (width: number) => Number(draw({width}).chart.getAttribute("height"));
    expect(height(400)).toBeGreaterThan(2.5 * height(960));
  });

  it("tells which element was clicked, in any of the pictures", () => {
    const chosen: number[][] = [];
    const {chart, window} = draw({onSelect: (...place: number[]) => chosen.push(place)});
    const unit = (chart.querySelector("image")!.getAttribute("width") as unknown as number) / 8;
    const offset = Number(/translate\((\S+)/.exec(chart.children[1].getAttribute("transform")!)![1]);
    for (const x of [4, offset + 4]) {
      const event = {clientX: x + 2.5 * unit, clientY: 42 + 5.5 * unit};
      chart.dispatchEvent(new window.MouseEvent("click", event));
    }
    chart.dispatchEvent(new window.MouseEvent("click", {clientX: 10, clientY: 5}));
    expect(chosen).toEqual([
      [5, 2],
      [5, 2],
    ]);
  });
});

describe("the figure on blocks", () => {
  const open = (query = "") => {
    const {document, window} = page({url: `https://example.org/blocks${query}`});
    const state = pageState(blockChoices, window);
    const element = blockFigure(shownMatrices(kernels), {state, document});
    document.body.append(element);
    return {document, window, state, element};
  };

  it("looks into the block that the address names", () => {
    const {element} = open("?scale=mx&row=7&column=40");
    expect(element.querySelector(".block-name")!.textContent).toBe("Row 7, columns 32 to 63, E2M1 elements");
    expect(element.querySelectorAll(".block-elements tbody tr")).toHaveLength(32);
    expect(element.querySelector(".facts .scale")!.textContent).not.toBe("");
    expect(element.querySelector("tr[aria-current]")!.textContent).toContain("MX");
  });

  it("walks through blocks with its sliders, which are there where there are several blocks", () => {
    const {element, state, window} = open("?scale=nvfp4");
    const [down, across] = element.querySelectorAll<HTMLInputElement>(".block-sliders input");
    expect([down.max, across.max]).toEqual(["63", "3"]);
    across.value = "3";
    across.dispatchEvent(new window.Event("input"));
    expect(state.get().column).toBe("48");
    expect(across.getAttribute("aria-valuetext")).toBe("4 of 4");
    expect(element.querySelector(".block-name")!.textContent).toContain("columns 48 to 63");
    state.set({scale: "tensor"});
    expect(down.closest("label")!.hidden).toBe(true);
  });

  it("ignores places that the matrix does not have", () => {
    const {element} = open("?row=1000&column=1023");
    expect(element.querySelector(".block-name")!.textContent).toBe(
      "Rows 0 to 63, columns 0 to 63, E2M1 elements",
    );
  });

  it("lists the elements of a long block from the chosen one on", () => {
    const {document} = page();
    const cast = blockCast(nightPicture(), "e4m3fn", "row");
    const details = blockDetails(cast, {index: 5, row: 5, column: 40}, {document});
    const first = details.querySelector("tbody td")!;
    expect(first.textContent).toBe("40");
  });
});

describe("scale rules", () => {
  it("ruleRows(block, element): every rule goes up once, and only there", () => {
    const rows = ruleRows(unitBlock(kernels), "e2m1");
    expect(rows).toHaveLength(5 * binadeSteps);
    const changes = new Map<string, number>();
    for (const {rule, scale, maximum} of rows) {
      expect([1, 2]).toContain(scale);
      if (scale === 1) changes.set(rule, maximum);
    }
    // Largest maximum with the smaller scale; steps are 1/16.
    expect(Object.fromEntries(changes)).toEqual({
      floor: 8 - 1 / 16,
      ceil: 4,
      rceil: 6,
      even: 7 - 1 / 16,
      midmax: 7,
    });
    for (const {maximum, scale, isSaturated, becomes} of rows) {
      expect(isSaturated).toBe(maximum > 6 * scale);
      if (isSaturated) expect(becomes).toBe(6);
    }
  });

  it("maximumAt(element, position) walks through the binade of the largest value", () => {
    expect([maximumAt("e4m3fn", 0), maximumAt("e4m3fn", 48), maximumAt("e2m1", 32)]).toEqual([256, 448, 6]);
  });

  it("ruleChart(rows, options) and its figure show every element format", () => {
    const {document, window} = page({url: "https://example.org/blocks"});
    const state = pageState(blockChoices, window);
    const element = ruleFigure(kernels, {state, document});
    for (const rules of blockChoices.rules.values) {
      state.set({rules});
      expect(element.querySelectorAll("tbody tr")).toHaveLength(5);
      const rows = ruleRows(unitBlock(kernels), rules);
      expect(
        ruleChart(rows, {position: 63, label: "x", document}).querySelectorAll("rect").length,
      ).toBeGreaterThan(5);
    }
    expect(element.querySelector("output")!.textContent).toBe(String(maximumAt("e5m2", 44)));
  });
});

describe("errors by block size", () => {
  it("blockSizeErrors(kernels, options): outliers harm large blocks of floats in 4 bits", () => {
    const rows = blockSizeErrors(kernels, {scales: "fp32", hasHadamard: false, elements: ["e2m1"]});
    const of = (data: string) => rows.filter((row) => row.data === data).map(({ratio}) => ratio);
    expect(of("without outliers")).toHaveLength(blockSizes.length);
    const [small, large] = [of("with outliers")[0], of("with outliers").at(-1)!];
    expect(small - large).toBeGreaterThan(10);
    const spread = of("without outliers");
    expect(Math.max(...spread) - Math.min(...spread)).toBeLessThan(4);
  });

  it("four over six is never worse than NVFP4's scales on normal values", () => {
    const options = {hasHadamard: false, elements: ["e2m1"]};
    const plain = blockSizeErrors(kernels, {...options, scales: "nvfp4"});
    const better = blockSizeErrors(kernels, {...options, scales: "four-over-six"});
    expect(better[1].ratio).toBeGreaterThan(plain[1].ratio);
  });

  it("blockSizeChart(rows, options) draws a line for each element format, beside or below each other", () => {
    const {document} = page();
    const rows = blockSizeErrors(kernels, {scales: "e8m0", hasHadamard: true});
    for (const width of [400, 960]) {
      const chart = blockSizeChart(rows, {element: "e2m1", label: "x", width, document});
      expect(chart.querySelectorAll("path").length).toBeGreaterThanOrEqual(
        2 * Object.keys(shownElements).length,
      );
    }
  });
});

it("specialResults(): zeros stay zero under every scaling, NaN stays NaN, and the table shows all of them", () => {
  const results = specialResults();
  for (const {value} of results.filter(({block}) => block === "all zeros")) expect(value).toBe("0");
  for (const {value} of results.filter(({block}) => block.includes("NaN"))) expect(value).toBe("NaN");
  const {document} = page();
  const table = specialTable(results, {document});
  expect(table.querySelectorAll("tbody td")).toHaveLength(results.length);
});
