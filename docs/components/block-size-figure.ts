import type {Kernels} from "../src/kernels/kernels.js";
import {type BlockChoices, shownElements} from "./block-choices.js";
import {blockSizeChart} from "./block-size-chart.js";
import {type BlockSizeError, blockSizeErrors, outlierEvery, scaleKinds} from "./block-size-errors.js";
import {blockSizeSentence} from "./block-size-sentence.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {outlierFactor} from "./generated-weights.js";
import type {PageState} from "./page-state.js";
import {resetButton} from "./reset-button.js";

const columns: readonly Column<BlockSizeError>[] = [
  {name: "data", value: ({data}) => data},
  {name: "elements", value: ({element}) => shownElements[element]},
  {name: "values that share a scale", value: ({size}) => size},
  {name: "signal to noise, dB", value: ({ratio}) => ratio, format: (x) => x.toFixed(2)},
];

/** Error against block size with its controls. */
export function blockSizeFigure(
  kernels: Kernels,
  {state, document = globalThis.document}: {state: PageState<BlockChoices>; document?: Document},
): HTMLElement {
  const id = "sizes";
  const errors = () => {
    const {scales, hadamard} = state.get();
    return blockSizeErrors(kernels, {scales, hasHadamard: hadamard === "on"});
  };
  let rows = errors();
  const strongest = () => (state.get().scales === "four-over-six" ? "e2m1" : state.get().element);
  const figure = chartFigure<BlockSizeError>({
    id,
    caption:
      "Figure 3. Signal-to-noise ratio against the number of values that share a scale, for 48 rows of 1024 normal values; " +
      `on the right one column in ${outlierEvery} is ${outlierFactor} times as large. Strong: the elements of figure 1; dashed: integers.`,
    source:
      "Bitscape, “Blocks and scales”, figure 3. Normal values by the deterministic generator, outlying columns planted. " +
      "Computed in this page with the kernels of the library.",
    controls: [
      choiceControl(state, "scales", {
        group: `${id}-scales`,
        legend: "Scales",
        labelOf: (value) => scaleKinds[value].label,
        document,
      }),
      choiceControl(state, "hadamard", {group: `${id}-hadamard`, legend: "Hadamard transform", document}),
      choiceControl(state, "element", {
        group: `${id}-element`,
        legend: "Elements",
        labelOf: (value) => shownElements[value],
        document,
      }),
      resetButton(state, {document}),
    ],
    draw: (options) =>
      blockSizeChart(rows, {...options, element: strongest(), label: blockSizeSentence(rows, strongest())}),
    data: () => ({caption: "Signal-to-noise ratio by elements and block size", rows, columns}),
    document,
  });
  state.subscribe(() => {
    rows = errors();
  }, ["scales", "hadamard"]);
  state.subscribe(figure.update, ["scales", "hadamard", "element"]);
  return figure.element;
}
