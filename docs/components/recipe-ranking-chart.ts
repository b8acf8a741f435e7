import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {recipeTitle} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {type RecipeResult, seedNoise} from "./seed-noise.js";
import {spacedLabels} from "./spaced-labels.js";
import {textWidth, widest} from "./text-width.js";

/** How the recipes ended under one scheme. */
export interface RankingPanel {
  readonly scheme: string;
  readonly results: readonly RecipeResult[];
}

export interface RecipeRankingOptions {
  /** The order of the rows. */
  readonly recipes: readonly string[];
  /** The recipe whose mean is the zero of every panel. */
  readonly reference: string;
  /** The two recipes whose rows stand out. */
  readonly a: string;
  readonly b: string;
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const titleY = 14;
const axisY = 34;
const rowsY = 50;
const rowHeight = 21;
const panelGap = 26;
const marginRight = 14;
/** Where runs stand that diverged. */
const divergedWidth = 26;

/** Up to this difference the scale is nearly linear, beyond it nearly logarithmic. */
const linearUpTo = 0.02;

/** Differences on the scale; where there is little room, the later ones have no number. */
const byImportance = [0, 0.1, 1, -0.1, 0.3, 3, -0.3, 0.03, -0.03];
const leastTickGap = 3;

/** Pixels of a panel, of which one more must fit for panels to stand side by side. */
const leastPanelWidth = 190;

const position = (difference: number): number =>
  Math.sign(difference) * Math.log1p(Math.abs(difference) / linearUpTo);

/**
 * Final losses above that of a reference recipe: a row for each recipe, a panel for each scheme, a circle for each seed
 * and a bar for their mean. Shaded is what the seeds alone do to a difference of two means.
 */
export function recipeRankingChart(
  panels: readonly RankingPanel[],
  {
    recipes,
    reference,
    a,
    b,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: RecipeRankingOptions,
): SVGSVGElement {
  const widthOf = textWidth(document);
  const namesWidth = widest(recipes.map(recipeTitle), widthOf, {weight: 700});
  const nameWidth = Math.max(width < 600 ? 128 : 164, 12 + Math.ceil(namesWidth));
  const perLine = Math.max(1, Math.min(panels.length, Math.floor((width - nameWidth) / leastPanelWidth)));
  const panelWidth = (width - nameWidth - marginRight - panelGap * (perLine - 1)) / perLine;
  const pitch = rowsY + recipes.length * rowHeight + 18;
  const height = pitch * Math.ceil(panels.length / perLine);
  const differences = panels.flatMap(({results}) =>
    aboveReference(results, reference).flatMap(({seeds}) => seeds),
  );
  const [low, high] = [Math.min(...differences, -linearUpTo), Math.max(...differences, linearUpTo)].map(
    position,
  );
  const text = {fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const color = (recipe: string) =>
    recipe === a ? palette.fp8 : recipe === b ? palette.scaled : palette.ink;

  const marks = panels.flatMap(({scheme, results}, i) => {
    const left = nameWidth + (i % perLine) * (panelWidth + panelGap);
    const top = Math.floor(i / perLine) * pitch;
    const bottom = top + rowsY + recipes.length * rowHeight;
    const right = left + panelWidth - divergedWidth;
    const x = (difference: number) => left + ((position(difference) - low) / (high - low)) * (right - left);
    const y = (recipe: string) => top + rowsY + (recipes.indexOf(recipe) + 0.5) * rowHeight;
    const rows = aboveReference(results, reference);
    const noise = seedNoise(results);
    const circles = rows.flatMap(({recipe, seeds}) => seeds.map((seed) => ({recipe, seed})));
    const means = rows.filter(({seeds}) => seeds.length > 0);
    const diverged = rows.filter((row) => row.diverged > 0);
    const ticks = [...byImportance]
      .sort((one, other) => one - other)
      .filter((tick) => position(tick) >= low - 0.2 && position(tick) <= high);
    const named = spacedLabels(
      byImportance.filter((tick) => ticks.includes(tick)),
      (tick) => ({middle: x(tick), size: widthOf(tickLabel(tick))}),
      leastTickGap,
    ).sort((one, other) => one - other);
    return [
      ...(Number.isFinite(noise)
        ? [
            Plot.rect([noise], {
              x1: Math.max(left, x(-noise)),
              x2: x(noise),
              y1: top + rowsY - 4,
              y2: bottom,
              fill: palette.ink,
              fillOpacity: 0.08,
            }),
          ]
        : []),
      Plot.link(ticks, {
        x1: x,
        x2: x,
        y1: top + rowsY - 4,
        y2: bottom,
        stroke: palette.rule,
        strokeOpacity: (tick) => (tick === 0 ? 1 : 0.5),
      }),
      Plot.text(named, {...text, x, y: top + axisY + 4, textAnchor: "middle", text: tickLabel}),
      Plot.text([scheme], {
        ...text,
        x: left,
        y: top + titleY,
        text: schemeTitle,
        fontSize: 14,
        fontWeight: 700,
        fill: palette.ink,
      }),
      ...(i % perLine === 0
        ? nameMarks({recipes, color, x: nameWidth - 10, y, text, isChosen: (r) => r === a || r === b})
        : []),
      Plot.dot(circles, {
        x: ({seed}) => x(seed),
        y: ({recipe}) => y(recipe),
        r: 3,
        stroke: ({recipe}) => color(recipe),
        fill: palette.background,
        fillOpacity: 0.6,
      }),
      Plot.link(means, {
        x1: ({mean}) => x(mean),
        x2: ({mean}) => x(mean),
        y1: ({recipe}) => y(recipe) - 7,
        y2: ({recipe}) => y(recipe) + 7,
        stroke: ({recipe}) => color(recipe),
        strokeWidth: 2.5,
      }),
      Plot.text(diverged, {
        ...text,
        x: right + divergedWidth - 4,
        y: ({recipe}) => y(recipe),
        textAnchor: "end",
        text: ({diverged: count}) => `✕${count > 1 ? count : ""}`,
        fill: ({recipe}) => color(recipe),
        fontWeight: 700,
      }),
    ];
  });
  const chart = Plot.plot({
    document,
    width,
    height,
    margin: 0,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, width], range: [0, width], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks,
  });
  return accessibleSvg(chart, label);
}

/** Losses of each recipe less the mean of the reference. */
function aboveReference(results: readonly RecipeResult[], reference: string) {
  const zero = results.find(({recipe}) => recipe === reference)?.mean ?? Number.NaN;
  return results.map(({recipe, losses, mean, diverged}) => ({
    recipe,
    seeds: losses.map((loss) => loss - zero),
    mean: mean - zero,
    diverged,
  }));
}

const tickLabel = (tick: number): string => (tick === 0 ? "0" : `${tick > 0 ? "+" : "−"}${Math.abs(tick)}`);

function nameMarks({
  recipes,
  color,
  x,
  y,
  text,
  isChosen,
}: {
  recipes: readonly string[];
  color: (recipe: string) => string;
  x: number;
  y: (recipe: string) => number;
  text: Plot.TextOptions;
  isChosen: (recipe: string) => boolean;
}): Plot.Markish[] {
  const name = {...text, x, y, textAnchor: "end", text: recipeTitle, fill: color} as const;
  return [
    Plot.text(recipes.filter(isChosen), {...name, fontWeight: 700}),
    Plot.text(
      recipes.filter((recipe) => !isChosen(recipe)),
      name,
    ),
  ];
}
