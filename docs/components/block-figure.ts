import {type BlockCast, bitsPerValue, blockAt, blockCast, blockLosses, regionOf} from "./block-cast.js";
import {type BlockChoices, shownData, shownElements, shownScalings} from "./block-choices.js";
import {blockDetails, blockName} from "./block-details.js";
import {decibelText} from "./block-losses.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import type {Matrix} from "./matrix-data.js";
import {markRegion, matrixPicture, pixelsPerElement} from "./matrix-picture.js";
import type {PageState} from "./page-state.js";
import {percentage} from "./percentage.js";
import {readPicture} from "./read-picture.js";
import {resetButton} from "./reset-button.js";

export interface BlockFigureOptions {
  readonly state: PageState<BlockChoices>;
  readonly document?: Document;
}

interface BlockRow {
  readonly name: string;
  readonly largest: number;
  readonly scale: number;
  readonly flushed: number;
  readonly saturated: number;
  readonly ratio: number;
}

const columns: readonly Column<BlockRow>[] = [
  {name: "block", value: ({name}) => name},
  {name: "largest magnitude", value: ({largest}) => largest, format: (x) => x.toPrecision(4)},
  {name: "scale", value: ({scale}) => scale, format: (x) => x.toPrecision(4)},
  {name: "flushed to zero", value: ({flushed}) => flushed},
  {name: "saturated", value: ({saturated}) => saturated},
  {name: "signal to noise, dB", value: ({ratio}) => finite(ratio), format: (x) => x.toFixed(1)},
];

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** A matrix before and after a cast, the block that the reader points at, and all scalings compared. */
export function blockFigure(
  matrices: Readonly<Record<string, Matrix>>,
  {state, document = globalThis.document}: BlockFigureOptions,
): HTMLElement {
  const make = elementMaker(document);
  const id = "picture";
  let own: Matrix | undefined;
  let hovered: {row: number; column: number} | undefined;
  let cast = blockCast(matrices.outliers, state.choices.element.initial, state.choices.scale.initial);

  const matrix = () => {
    const {data} = state.get();
    return data === "own" ? (own ?? matrices.night) : matrices[data];
  };
  const place = () => {
    const {rows, columns: width} = cast.matrix;
    const {row, column} = hovered ?? {row: Number(state.get().row), column: Number(state.get().column)};
    const [inRow, inColumn] = [Math.min(row, rows - 1), Math.min(column, width - 1)];
    return {row: inRow, column: inColumn, index: blockAt(cast, inRow, inColumn)};
  };

  const details = make("div", {class: "block-room"});
  const comparison = make("div", {class: "comparison"});
  const showBlock = () => {
    const at = place();
    details.replaceChildren(blockDetails(cast, at, {document}));
    const chart = figure.element.querySelector<SVGSVGElement>(".chart-canvas svg");
    if (chart)
      markRegion(
        chart,
        regionOf(cast, at.index),
        pixelsPerElement(cast.matrix, Number(chart.getAttribute("width"))),
      );
  };

  const figure = chartFigure<BlockRow>({
    id,
    caption:
      "Figure 1. The same values before and after a cast, and the share of each that is lost: the stronger the ink, the " +
      "more, and full ink is all of it. Weights are grey at zero, dark below it and bright above; a picture is as bright as it is. " +
      "Lines are borders of blocks, where they are far enough apart. Point at a block, tap it, or use the sliders.",
    source:
      "Bitscape, “Blocks and scales”, figure 1. Weights: normal values with a spread of 0.02 by the deterministic " +
      "generator, outlying columns planted. Computed in this page, by the code of bitscape cast --scale.",
    controls: [
      choiceControl(state, "data", {
        group: `${id}-data`,
        legend: "Data",
        labelOf: (value) => shownData[value],
        document,
      }),
      choiceControl(state, "scale", {
        group: `${id}-scale`,
        legend: "Scaling",
        labelOf: (value) => shownScalings[value].label,
        document,
      }),
      choiceControl(state, "element", {
        group: `${id}-element`,
        legend: "Elements",
        labelOf: (value) => shownElements[value],
        document,
      }),
      fileControl(),
      resetButton(state, {document}),
    ],
    draw: ({width, palette, document}) => {
      const losses = blockLosses(cast);
      const flushed = percentage(losses.flushed / losses.elements);
      const isLight = !["outliers", "plain"].includes(state.get().data);
      const {label, group} = shownScalings[state.get().scale];
      const element = shownElements[state.get().element];
      return matrixPicture(cast.matrix, {
        after: cast.values,
        block: cast.block,
        selected: regionOf(cast, place().index),
        isLight,
        notes: [
          `${cast.matrix.rows} × ${cast.matrix.columns} float32 values`,
          `${element}, ${bitsPerValue(cast).toFixed(2)} bits a value`,
          `${flushed} flushed to zero, ${decibelText(losses.ratio)}`,
        ],
        label:
          `${shownData[state.get().data]}, before and after a cast to ${element} with ${label} scaling (a scale for ${group}): ` +
          `${flushed} of the values become zero; the signal-to-noise ratio is ${decibelText(losses.ratio)}.`,
        onSelect: (row, column) => state.set({row: String(row), column: String(column)}),
        onHover: (row, column) => {
          const before = place().index;
          hovered = row === undefined || column === undefined ? undefined : {row, column};
          if (place().index !== before) showBlock();
        },
        width,
        palette,
        document,
      });
    },
    data: () => ({
      caption: `Blocks of the matrix; a scale for ${shownScalings[state.get().scale].group}`,
      rows: cast.scales.map((scale, index) => blockRow(cast, index, scale.stored)),
      columns,
    }),
    document,
  });

  const sliders = (["row", "column"] as const).map((name) => blockSlider(name));
  state.subscribe(() => {
    hovered = undefined;
    cast = blockCast(matrix(), state.get().element, state.get().scale);
    figure.update();
    comparison.replaceChildren(comparisonTable());
  }, ["data", "scale", "element"]);
  state.subscribe(() => {
    for (const slider of sliders) slider.update();
    showBlock();
  }, ["data", "scale", "element", "row", "column"]);

  const canvas = figure.element.querySelector(".chart-canvas")!;
  canvas.after(
    make("div", {class: "chart-controls block-sliders"}, ...sliders.map(({element}) => element)),
    details,
  );
  return make("div", {}, figure.element, comparison);

  /** A slider through the blocks of one direction. */
  function blockSlider(name: "row" | "column") {
    const side = name === "row" ? "rows" : "columns";
    const text = name === "row" ? "Block, from top to bottom" : "Block, from left to right";
    // Named by itself, since a label belongs to the first field in it, which is the output.
    const input = make("input", {type: "range", min: 0, step: 1, "aria-label": text});
    const value = make("output");
    const element = make("label", {class: "slider-control"}, make("span", {}, `${text} `, value), input);
    input.addEventListener("input", () => {
      state.set({[name]: String(input.valueAsNumber * cast.block[side])});
    });
    return {
      element,
      update: () => {
        const at = Math.floor(place()[name] / cast.block[side]);
        element.hidden = cast.grid[side] === 1;
        input.max = String(cast.grid[side] - 1);
        input.value = String(at);
        const position = `${at + 1} of ${cast.grid[side]}`;
        input.setAttribute("aria-valuetext", position);
        value.textContent = position;
      },
    };
  }

  function fileControl(): HTMLElement {
    const input = make("input", {type: "file", accept: "image/*"});
    const message = make("span", {class: "file-message", role: "status"});
    const element = make(
      "label",
      {class: "file-control"},
      make("span", {}, "Choose a picture"),
      input,
      message,
    );
    input.addEventListener("change", async () => {
      const [file] = input.files ?? [];
      if (!file) return;
      try {
        own = await readPicture(file);
        message.textContent = "It stays on your computer.";
        if (state.get().data === "own") state.set({data: "night"});
        state.set({data: "own"});
      } catch {
        message.textContent = `${file.name} is not a picture that this browser can read.`;
      }
    });
    state.subscribe(
      ({data}) => {
        element.hidden = data !== "own";
      },
      ["data"],
    );
    return element;
  }

  /** All scalings on the same data and elements, the chosen one marked. */
  function comparisonTable(): HTMLElement {
    const chosen = state.get();
    const head = ["Scaling", "Flushed to zero", "Saturated", "Signal to noise", "Bits", "A scale for"];
    const lines = Object.entries(shownScalings).map(([scale, {label, group}]) => {
      const other = scale === chosen.scale ? cast : blockCast(cast.matrix, chosen.element, scale);
      const losses = blockLosses(other);
      const numbers = [
        percentage(losses.flushed / losses.elements),
        percentage(losses.saturated / losses.elements),
        decibelText(losses.ratio),
        bitsPerValue(other).toFixed(2),
      ];
      return make(
        "tr",
        {"aria-current": scale === chosen.scale && "true"},
        make("th", {scope: "row"}, label),
        ...numbers.map((number) => make("td", {class: "number"}, number)),
        make("td", {}, group),
      );
    });
    const caption = `The same ${shownElements[chosen.element]} elements under every scaling; marked: the one above`;
    return make(
      "div",
      {class: "chart-table", tabindex: 0, role: "region", "aria-label": "All scalings compared"},
      make(
        "table",
        {class: "data-table"},
        make("caption", {}, caption),
        make("thead", {}, make("tr", {}, ...head.map((name) => make("th", {scope: "col"}, name)))),
        make("tbody", {}, ...lines),
      ),
    );
  }
}

function blockRow(cast: BlockCast, index: number, scale: number): BlockRow {
  const region = regionOf(cast, index);
  let largest = 0;
  for (let row = region.row; row < region.row + region.rows; row++) {
    const start = row * cast.matrix.columns + region.column;
    for (const x of cast.matrix.values.subarray(start, start + region.columns))
      largest = Math.max(largest, Math.abs(x));
  }
  return {name: blockName(region), largest, scale, ...blockLosses(cast, index)};
}
