import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import {lossPartingSentence} from "./loss-parting.js";
import type {RecipeFigureOptions} from "./recipe-figure-options.js";
import {recipeLossChart} from "./recipe-loss-chart.js";
import type {RecipeLossRow} from "./recipe-loss-row.js";
import {reference} from "./recipe-reference.js";
import {recipeSource} from "./recipe-source.js";
import {recipeTitle} from "./recipe-styles.js";
import {recipesControl} from "./recipes-control.js";
import {schemeTitle} from "./scheme-title.js";

/** Loss curves of all recipes under the chosen scheme. */
export function recipeLossFigure(
  rows: readonly RecipeLossRow[],
  {state, runs, document = globalThis.document}: RecipeFigureOptions,
): HTMLElement {
  const id = "loss";
  const shown = () => rows.filter(({scheme}) => scheme === state.get().scheme);
  const sentence = elementMaker(document)("p", {class: "figure-sentence"});
  const figure = chartFigure<RecipeLossRow>({
    id,
    caption:
      "Figure 2. Training loss of every recipe on the same text, with the same initial weights; each point is the mean " +
      "of ten steps. The names stand in the order in which the runs end.",
    source: recipeSource("figure 2", runs, ({probed}) => probed),
    controls: [
      ...(["scheme", "a", "b", "curve"] as const).map((name) =>
        recipesControl(state, name, {figure: id, document}),
      ),
      sentence,
    ],
    draw: (options) => {
      const {scheme, a, b, curve} = state.get();
      const {steps, floor} = runs.model;
      const isAbove = curve === "above";
      return recipeLossChart(isAbove ? aboveReference(shown()) : shown(), {
        ...options,
        a,
        b,
        steps,
        floor: isAbove ? null : floor,
        title: isAbove ? `nats per token above ${recipeTitle(reference)}` : "nats per token",
        label: `Training loss under ${schemeTitle(scheme)}. ${lossPartingSentence(shown(), {a, b})}`,
      });
    },
    data: () => ({
      caption: `Training loss in nats per token, ${schemeTitle(state.get().scheme)}`,
      rows: shown().filter(({step}) => step % 100 === 0),
      allRows: shown(),
      columns,
    }),
    document,
  });
  state.subscribe(() => {
    sentence.textContent = lossPartingSentence(shown(), state.get());
    figure.update();
  }, ["scheme", "a", "b", "curve"]);
  return figure.element;
}

const columns: readonly Column<RecipeLossRow>[] = [
  {name: "scheme", value: ({scheme}) => scheme},
  {name: "recipe", value: ({recipe}) => recipe},
  {name: "step", value: ({step}) => step},
  {name: "training loss", value: ({loss}) => loss, format: (loss) => loss.toFixed(4)},
];

/** Losses less that of the reference at the same step, as far as it goes. */
function aboveReference(rows: readonly RecipeLossRow[]): RecipeLossRow[] {
  const zero = new Map(rows.filter(({recipe}) => recipe === reference).map(({step, loss}) => [step, loss]));
  return rows.map((row) => ({...row, loss: row.loss - (zero.get(row.step) ?? Number.NaN)}));
}
