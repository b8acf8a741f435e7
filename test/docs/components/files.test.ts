import {JSDOM} from "jsdom";
import {expect, it} from "vitest";
import {dataTable} from "../../../docs/components/data-table.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {svgFile} from "../../../docs/components/svg-file.js";
import {varianceChart} from "../../../docs/components/variance-chart.js";
import {page} from "./page.js";
import {varianceRows} from "./rows.js";

it("svgFile(chart) is an XML file with namespace, size and title, and without the page's style sheet", () => {
  const {document} = page();
  const chart = varianceChart(varianceRows(), {document, palette: lightPalette});
  const text = svgFile(chart, {background: lightPalette.background});
  const file = new new JSDOM("").window.DOMParser().parseFromString(text, "image/svg+xml");
  const root = file.documentElement;
  expect(root.namespaceURI).toBe("http://www.w3.org/2000/svg");
  expect(root.getAttribute("viewBox")).toBe(`0 0 960 ${chart.getAttribute("height")}`);
  expect(root.querySelector("title")!.textContent).toBe(chart.getAttribute("aria-label"));
  expect(text).not.toContain("var(--theme");
  expect(text).not.toContain("var(--bitscape");
  expect(chart.querySelector("title")).toBeNull();
});

it("dataTable(rows, columns) has a caption, headed columns, and numbers as the column formats them", () => {
  const {document} = page();
  const columns = [
    {name: "layer", value: (row: {layer: string; loss: number | null}) => row.layer},
    {
      name: "loss",
      value: (row: {layer: string; loss: number | null}) => row.loss,
      format: (loss: number) => loss.toFixed(1),
    },
  ];
  const rows = [
    {layer: "head", loss: 1.25},
    {layer: "qkv", loss: null},
  ];
  const table = dataTable(rows, columns, {caption: "Losses", document});
  expect(table.caption!.textContent).toBe("Losses");
  expect([...table.tHead!.rows[0].cells].map((cell) => [cell.scope, cell.textContent])).toEqual([
    ["col", "layer"],
    ["col", "loss"],
  ]);
  expect([...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent))).toEqual([
    ["head", "1.3"],
    ["qkv", ""],
  ]);
});
