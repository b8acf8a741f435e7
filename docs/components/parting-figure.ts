import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import type {HealthRow} from "./health-row.js";
import {layerMap, type MapShade} from "./layer-map.js";
import {layersByDepth} from "./layers-by-depth.js";
import {lossPartingSentence} from "./loss-parting.js";
import {partedSentence, partingSentence, valueText} from "./parting-sentences.js";
import {type Difference, differences, firstParting, type PartingMeasure} from "./partings.js";
import {percentage} from "./percentage.js";
import {probedSteps} from "./probed-steps.js";
import type {RecipeFigureOptions} from "./recipe-figure-options.js";
import type {RecipeLossRow} from "./recipe-loss-row.js";
import {recipeSource} from "./recipe-source.js";
import {recipeTitle} from "./recipe-styles.js";
import {recipesControl} from "./recipes-control.js";
import {typeset} from "./typeset.js";

/** Multiples of the threshold from which on a difference is drawn more strongly. */
const levels = [1, 3, 9];

/** Where two runs part: every tensor's difference at every step, the first one marked. */
export function partingFigure(
  rows: readonly HealthRow[],
  {
    state,
    runs,
    losses,
    document = globalThis.document,
  }: RecipeFigureOptions & {readonly losses: readonly RecipeLossRow[]},
): HTMLElement {
  const id = "parting";
  const make = elementMaker(document);
  const steps = probedSteps(runs);
  const layers = layersByDepth(rows);
  const view = () => {
    const {scheme, a, b, compare, threshold} = state.get();
    const measure = compare as PartingMeasure;
    const of = (recipe: string) => rows.filter((row) => row.scheme === scheme && row.recipe === recipe);
    const all = differences(of(a), of(b), {steps, measure});
    const limit = Number(threshold);
    const first = firstParting(all, limit);
    const lastStep = all.at(-1)?.step ?? 0;
    const where = partingSentence(first, {a, b, measure, threshold: limit, lastStep});
    return {
      a,
      b,
      scheme,
      measure,
      all,
      limit,
      first,
      sentence: [
        where,
        ...(first ? [partedSentence(all, limit)] : []),
        lossPartingSentence(
          losses.filter((row) => row.scheme === scheme),
          {a, b},
        ),
      ]
        .join(" ")
        .trim(),
    };
  };
  const sentence = make("p", {class: "figure-sentence"});
  const figure = chartFigure<Difference>({
    id,
    caption:
      "Figure 5. Two runs with the same initial weights and the same text, tensor by tensor: where the first one's " +
      "measurement is larger, in the one colour, where the second one's is, in the other. The first tensor that " +
      "differs by more than the threshold is marked: first in the order in which training computes, step by step, " +
      "forward through the layers, then backward.",
    source: recipeSource("figure 5", runs, ({probed}) => probed),
    controls: [
      ...(["a", "b", "scheme", "compare", "threshold"] as const).map((name) =>
        recipesControl(state, name, {figure: id, document}),
      ),
      sentence,
    ],
    draw: (options) => {
      const {a, b, measure, all, limit, first, sentence} = view();
      const cells = all.map((difference) => {
        const {layer, tensor, step} = difference;
        return {
          layer,
          tensor,
          step,
          shade: shadeOf(difference.difference, limit),
          title: differenceText(difference, {a, b, measure}),
        };
      });
      const legend =
        measure === "spread"
          ? `Larger spread: ${recipeTitle(a)} to the left, ${recipeTitle(b)} to the right`
          : `More values lost: by ${recipeTitle(a)} to the left, by ${recipeTitle(b)} to the right`;
      const mark = first && {cell: first, word: "first"};
      return layerMap(cells, {
        ...options,
        layers,
        steps,
        shades: shadesOf(limit),
        legend,
        mark,
        label: sentence,
      });
    },
    data: () => {
      const {all, limit} = view();
      const columns = differenceColumns(view());
      return {
        caption:
          "Tensors that differ by more than the threshold, in the order of computation; the CSV file has all",
        rows: all.filter(({difference}) => Math.abs(difference) > limit),
        allRows: all,
        columns,
      };
    },
    document,
  });
  state.subscribe(() => {
    sentence.replaceChildren(typeset(view().sentence, {document}));
    figure.update();
  }, ["a", "b", "scheme", "compare", "threshold"]);
  return figure.element;
}

/** From where the first run's value is much larger to where the second one's is, nothing in the middle. */
function shadesOf(limit: number): MapShade[] {
  const strengths = [0.22, 0.5, 0.95];
  const side = (color: "fp8" | "scaled") =>
    levels.map(
      (level, i): MapShade => ({label: `> ${percentText(level * limit)}`, color, strength: strengths[i]}),
    );
  return [
    ...side("fp8").reverse(),
    {label: `≤ ${percentText(limit)}`, color: "ink", strength: 0},
    ...side("scaled"),
  ];
}

const percentText = (share: number): string => `${Math.round(share * 100)}%`;

function shadeOf(difference: number, limit: number): number | null {
  if (Number.isNaN(difference)) return null;
  const level = levels.filter((factor) => Math.abs(difference) > factor * limit).length;
  return levels.length + (difference > 0 ? -level : level);
}

function differenceText(
  difference: Difference,
  {a, b, measure}: {a: string; b: string; measure: PartingMeasure},
): string {
  const {layer, tensor, step} = difference;
  const what = measure === "spread" ? "spread" : "lost";
  return (
    `${layer}, ${tensor}, step ${step}\n${what} ${valueText(difference.a, measure)} in ${recipeTitle(a)}\n` +
    `${what} ${valueText(difference.b, measure)} in ${recipeTitle(b)}`
  );
}

function differenceColumns({
  a,
  b,
  measure,
}: {
  a: string;
  b: string;
  measure: PartingMeasure;
}): readonly Column<Difference>[] {
  const format = (value: number) => (measure === "spread" ? value.toPrecision(4) : percentage(value));
  const what = measure === "spread" ? "spread" : "lost";
  return [
    {name: "step", value: ({step}) => step},
    {name: "layer", value: ({layer}) => layer},
    {name: "tensor", value: ({tensor}) => tensor},
    {name: `${what}, ${recipeTitle(a)}`, value: (row) => row.a, format},
    {name: `${what}, ${recipeTitle(b)}`, value: (row) => row.b, format},
  ];
}
