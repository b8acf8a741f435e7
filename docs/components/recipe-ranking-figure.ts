import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {rankingClaim} from "./ranking-claim.js";
import type {RecipeFigureOptions} from "./recipe-figure-options.js";
import {recipeRankingChart} from "./recipe-ranking-chart.js";
import {reference} from "./recipe-reference.js";
import type {RecipeRun} from "./recipe-runs.js";
import {recipeSource} from "./recipe-source.js";
import {recipesControl} from "./recipes-control.js";
import {recipeResults} from "./seed-noise.js";

/** Final losses of all recipes under all schemes, from the best to the worst under the chosen one. */
export function recipeRankingFigure({
  state,
  runs,
  document = globalThis.document,
}: RecipeFigureOptions): HTMLElement {
  const id = "ranking";
  const panels = state.choices.scheme.values.map((scheme) => ({
    scheme,
    results: recipeResults(runs.runs, scheme),
  }));
  const figure = chartFigure<RecipeRun>({
    id,
    caption:
      "Figure 3. Held-out loss after the last step, in nats per token above the mean of FP32: a circle for each seed, a " +
      "bar for their mean, ✕ for a run that diverged. Shaded: where the seeds alone can put the difference of two " +
      "means (two standard errors). The scale is linear near zero, logarithmic beyond. Sorted by the chosen scheme.",
    source: recipeSource("figure 3", runs),
    controls: (["scheme", "a", "b"] as const).map((name) =>
      recipesControl(state, name, {figure: id, document}),
    ),
    draw: (options) => {
      const {scheme, a, b} = state.get();
      const sorted = panels.find((panel) => panel.scheme === scheme)!.results;
      const recipes = sorted.map(({recipe}) => recipe);
      return recipeRankingChart(panels, {
        ...options,
        recipes,
        reference,
        a,
        b,
        label: rankingClaim(sorted, reference),
      });
    },
    data: () => ({
      caption: "How every run ended",
      rows: runs.runs,
      columns,
    }),
    document,
  });
  state.subscribe(figure.update, ["scheme", "a", "b"]);
  return figure.element;
}

const columns: readonly Column<RecipeRun>[] = [
  {name: "scheme", value: ({scheme}) => scheme},
  {name: "recipe", value: ({recipe}) => recipe},
  {name: "seed", value: ({seed}) => seed},
  {name: "held-out loss", value: ({loss}) => loss, format: (loss) => loss.toFixed(4)},
  {name: "ended early", value: ({diverged}) => diverged && `step ${diverged.step}: ${diverged.reason}`},
  {name: "run", value: ({id}) => id.slice(0, 12)},
];
