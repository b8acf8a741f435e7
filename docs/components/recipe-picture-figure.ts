import type {Recipe} from "../src/nn/recipe.js";
import {leavesAsIs} from "../src/precision/parse-cast.js";
import {recipeOf} from "../src/recipes/index.js";
import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import type {PageState} from "./page-state.js";
import {recipePicture} from "./recipe-picture.js";
import {recipeProducts} from "./recipe-products.js";
import {recipeWords} from "./recipe-words.js";
import type {RecipesChoices} from "./recipes-choices.js";
import {recipesControl} from "./recipes-control.js";

/** The three products of a linear layer under the chosen recipe. */
export function recipePictureFigure({
  state,
  document = globalThis.document,
}: {
  state: PageState<RecipesChoices>;
  document?: Document;
}): HTMLElement {
  const id = "recipe";
  const recipe = () => recipeOf({recipe: state.get().a});
  const words = elementMaker(document)("p", {class: "figure-sentence"});
  const figure = chartFigure<Recipe>({
    id,
    caption:
      "Figure 1. The three products of a linear layer under one recipe. Each square stands for 256 × 256 values; the " +
      "lines in it bound the blocks that share a scale, which lie along what the product sums over. Blocks of one row " +
      "are drawn higher than they are. A broken edge: the scale comes from earlier steps.",
    source: "Bitscape, “Recipes”, figure 1. From the recipes of the library, src/recipes.",
    controls: [recipesControl(state, "a", {figure: id, document}), words],
    draw: (options) => recipePicture(recipe(), options),
    data: () => ({
      caption: "The casts of every recipe, as settings name them",
      rows: state.choices.a.values.map((name) => recipeOf({recipe: name})),
      columns,
    }),
    document,
  });
  state.subscribe(() => {
    words.textContent = recipeWords(recipe());
    figure.update();
  }, ["a"]);
  return figure.element;
}

const columns: readonly Column<Recipe>[] = [
  {name: "recipe", value: ({name}) => name},
  ...["P1", "P2", "P3", "P4", "P5", "P6"].map((place) => ({
    name: place,
    value: (recipe: Recipe) => {
      const operands = recipeProducts(recipe).flatMap(({left, right}) => [left, right]);
      const {cast, isReused} = operands.find((operand) => operand.place === place)!;
      return leavesAsIs(cast) ? "" : isReused ? "as forward" : cast.text;
    },
  })),
  {name: "loss scale", value: ({lossScale}) => (lossScale === 1 ? "" : String(lossScale))},
  {name: "source", value: ({source}) => source},
];
