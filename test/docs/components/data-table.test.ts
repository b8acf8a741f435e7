import {JSDOM} from "jsdom";
import {expect, it} from "vitest";
import {dataTable} from "../../../docs/components/data-table.js";

const {document} = new JSDOM("").window;

it("dataTable(rows, columns) puts the heads of numbers above them, and those of words above words", () => {
  const table = dataTable(
    [
      {name: "weights", loss: null},
      {name: "activations", loss: 1.25},
    ],
    [
      {name: "operand", value: ({name}) => name},
      {name: "loss", value: ({loss}) => loss, format: (loss) => loss.toFixed(3)},
    ],
    {caption: "Losses", document},
  );
  const cells = (selector: string) =>
    [...table.querySelectorAll(selector)].map(({textContent, className}) => [textContent, className]);
  expect(cells("thead th")).toEqual([
    ["operand", ""],
    ["loss", "number"],
  ]);
  expect(cells("tbody td")).toEqual([
    ["weights", ""],
    ["", ""],
    ["activations", ""],
    ["1.250", "number"],
  ]);
});
