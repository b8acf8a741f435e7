import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import {healthClaim, measureText} from "./health-claim.js";
import type {HealthMeasure, HealthRow} from "./health-row.js";
import {layerMap} from "./layer-map.js";
import {layersByDepth} from "./layers-by-depth.js";
import {measureShades} from "./measure-shades.js";
import {probedSteps} from "./probed-steps.js";
import type {RecipeFigureOptions} from "./recipe-figure-options.js";
import {recipeSource} from "./recipe-source.js";
import {recipeTitle} from "./recipe-styles.js";
import {recipesControl} from "./recipes-control.js";
import {schemeTitle} from "./scheme-title.js";
import {typeset} from "./typeset.js";

/** One tensor at one step: a line of the table. */
interface Look {
  readonly row: HealthRow;
  readonly step: number;
  readonly look: number;
}

/** The health of every tensor of one run while it trains. */
export function healthFigure(
  rows: readonly HealthRow[],
  {state, runs, document = globalThis.document}: RecipeFigureOptions,
): HTMLElement {
  const id = "health";
  const steps = probedSteps(runs);
  const layers = layersByDepth(rows);
  const shown = () => {
    const {scheme, a} = state.get();
    return rows.filter((row) => row.scheme === scheme && row.recipe === a);
  };
  const looks = () =>
    shown().flatMap((row) => Array.from(row.spread, (_, look): Look => ({row, look, step: steps[look]})));
  const sentence = elementMaker(document)("p", {class: "figure-sentence"});
  const figure = chartFigure<Look>({
    id,
    caption:
      "Figure 4. One run, looked at before training and then every " +
      `${runs.model.probeEvery} steps: a row for each layer from the embedding down to the head, a column for each step, ` +
      "and a panel for each of the tensors that a layer casts or makes. A dot: not cast, or zero throughout before " +
      "the cast. Weight gradients are not cast either; their signal to noise is that of the gradient to what all casts of the recipe add to it, and training " +
      "is said to stall where it is below √3, which is 4.8 decibels.",
    source: recipeSource("figure 4", runs, ({probed}) => probed),
    controls: [
      ...(["a", "scheme", "measure"] as const).map((name) =>
        recipesControl(state, name, {figure: id, document}),
      ),
      sentence,
    ],
    draw: (options) => {
      const {a, scheme, measure: chosen} = state.get();
      const measure = chosen as HealthMeasure;
      const {shades, shadeOf, legend} = measureShades[measure];
      const cells = looks().map(({row, step, look}) => {
        const {layer, tensor} = row;
        return {layer, tensor, step, shade: shadeOf(row[measure][look]), title: lookText({row, step, look})};
      });
      const label = `${recipeTitle(a)}, ${schemeTitle(scheme)}. ${healthClaim(shown(), measure)}`;
      return layerMap(cells, {...options, layers, steps, shades, legend, label});
    },
    data: () => ({
      caption: `Every tensor before training and at the end; the CSV file has all steps`,
      rows: looks().filter(({look, row}) => look === 0 || look === row.spread.length - 1),
      allRows: looks(),
      columns,
    }),
    document,
  });
  state.subscribe(() => {
    const claim = healthClaim(shown(), state.get().measure as HealthMeasure);
    sentence.replaceChildren(typeset(claim, {document}));
    figure.update();
  }, ["a", "scheme", "measure"]);
  return figure.element;
}

function lookText({row, step, look}: Look): string {
  const {layer, tensor, spread, underflow, overflow, signal} = row;
  const cast = Number.isNaN(underflow[look])
    ? Number.isNaN(signal[look])
      ? spread[look] === 0
        ? "zero throughout"
        : "not cast"
      : `gradient to noise ${measureText(signal[look], "signal")}`
    : `to zero ${measureText(underflow[look], "underflow")}, beyond the top ${measureText(overflow[look], "overflow")}\n` +
      `signal to noise ${measureText(signal[look], "signal")}`;
  return `${layer}, ${tensor}, step ${step}\nspread ${measureText(spread[look], "spread")}\n${cast}`;
}

const value = (list: ArrayLike<number>, look: number): number | null =>
  Number.isNaN(list[look]) ? null : list[look];

const columns: readonly Column<Look>[] = [
  {name: "layer", value: ({row}) => row.layer},
  {name: "tensor", value: ({row}) => row.tensor},
  {name: "step", value: ({step}) => step},
  {
    name: "spread",
    value: ({row, look}) => value(row.spread, look),
    format: (spread) => spread.toPrecision(4),
  },
  {
    name: "to zero",
    value: ({row, look}) => value(row.underflow, look),
    format: (share) => measureText(share, "underflow"),
  },
  {
    name: "beyond the top",
    value: ({row, look}) => value(row.overflow, look),
    format: (share) => measureText(share, "overflow"),
  },
  {
    name: "signal to noise, dB",
    value: ({row, look}) => value(row.signal, look),
    format: (decibels) => measureText(decibels, "signal"),
  },
];
