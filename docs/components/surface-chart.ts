import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {indexedPng} from "./gray-png.js";
import {niceStep} from "./iso-levels.js";
import type {IsoLine} from "./iso-lines.js";
import {colorIndices, colorOf, isLight, valueAtShare} from "./loss-colors.js";
import {isNear, valueOn} from "./measured-runs.js";
import {type Palette, pagePalette} from "./palette.js";
import {spacedLabels} from "./spaced-labels.js";
import {type Axis, axisTicks, shareOf, spokenValue, valueAt, valueText} from "./surface-axis.js";
import type {Optimum, Place} from "./surface-budget.js";
import {type Box, type SurfaceLayout, surfaceLayout} from "./surface-layout.js";
import {surfaceSentence} from "./surface-sentences.js";
import {
  lowestOf,
  placeOfView,
  type SurfaceField,
  type SurfaceView,
  spendingOf,
  surfaceField,
  valueOfLaw,
  valueOfView,
} from "./surface-view.js";
import {svgMaker} from "./svg-maker.js";
import {fitting, middleInside, type TextWidth, textWidth} from "./text-width.js";

interface SurfaceChartOptions {
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** What all parts of a picture need. */
export interface Scene {
  readonly view: SurfaceView;
  readonly field: SurfaceField;
  readonly layout: SurfaceLayout;
  readonly palette: Palette;
  readonly make: ReturnType<typeof svgMaker>;
  readonly widthOf: TextWidth;
}

/** On the colours, which are the same in light and dark, marks have colours of their own. */
const onMap = {dark: "#10131a", light: "#ffffff"};

/** The law's loss over two of its variables, as one picture: colours, iso-lines, runs, a budget's line, and two slices. */
export function surfaceChart(
  view: SurfaceView,
  {width = 960, palette = pagePalette, document = globalThis.document}: SurfaceChartOptions = {},
): SVGSVGElement {
  const make = svgMaker(document);
  const field = surfaceField(view);
  const layout = surfaceLayout(width, {slices: !view.hidden.includes("slices")});
  const scene = {view, field, layout, palette, make, widthOf: textWidth(document)};
  const svg = surfaceFrame(scene);
  svg.append(colours(scene), standing(scene), moving(scene), pointMark(scene));
  return accessibleSvg(svg, surfaceSentence(view, field));
}

/** An empty picture of the right size. */
export function surfaceFrame({layout: {width, height}, palette, make}: Scene): SVGSVGElement {
  return make("svg", {
    viewBox: `0 0 ${width} ${height}`,
    ...{width, height},
    fill: palette.ink,
    "font-family": chartFont,
    "font-size": 12,
    style: "max-width: 100%; height: auto",
  });
}

/** The colours as a picture in the picture, with hatching below for what has no value. */
function colours({field, layout: {plot}, make}: Scene): SVGGElement {
  const {columns, rows, scale} = field;
  const href = indexedPng({width: columns, height: rows, bytes: colorIndices(scale, field)}, [
    [0, 0, 0],
    ...scale.colors,
  ]);
  const hatching = Array.from({length: Math.ceil((plot.width + plot.height) / 10)}, (_, i) => {
    const x = i * 10;
    return `M${x} 0L${x - plot.height} ${plot.height}`;
  });
  // Values belong to nodes, which are the middles of pixels: the outer halves are cut off.
  const [w, h] = [plot.width / (columns - 1), plot.height / (rows - 1)];
  return inside(make, plot, [
    make("path", {d: hatching.join(""), stroke: "#8a8f98", "stroke-width": 1.2}),
    make("image", {
      ...{href, x: -w / 2, y: -h / 2, width: plot.width + w, height: plot.height + h},
      preserveAspectRatio: "none",
    }),
  ]);
}

/** Children in the coordinates of a box, cut off at its borders. */
function inside(make: Scene["make"], box: Box, children: readonly Node[]): SVGGElement {
  const {left: x, top: y, width, height} = box;
  return make("g", {}, make("svg", {x, y, width, height, overflow: "hidden"}, ...children));
}

/** What stays while the point and the budget move: legend, axes, iso-lines, the fitted range, and runs. */
export function standing(scene: Scene): SVGGElement {
  const {view, field, layout, make} = scene;
  const isShown = (layer: (typeof view.hidden)[number]) => !view.hidden.includes(layer);
  return make(
    "g",
    {},
    legend(scene),
    plotAxes(scene),
    inside(make, layout.plot, [
      ...(isShown("lines") ? contourMarks(scene) : []),
      ...(isShown("range") ? rangeMarks(scene) : []),
      ...field.points.map((point) => runMark(scene, point)),
    ]),
    outline(scene, layout.plot),
  );
}

const outline = ({make, palette}: Scene, {left, top, width, height}: Box) =>
  make("rect", {x: left, y: top, width, height, fill: "none", stroke: palette.rule});

function legend(scene: Scene): SVGGElement {
  const {view, field, layout, palette, make, widthOf} = scene;
  const {legend: box} = layout;
  const {high, colors} = field.scale;
  const strips = Array.from({length: 64}, (_, i) =>
    make("rect", {
      x: box.left + (i * box.width) / 64,
      ...{y: box.top + 6, width: box.width / 64 + 0.5, height: box.height},
      fill: `rgb(${colors[Math.round((i / 63) * (colors.length - 1))].join(" ")})`,
    }),
  );
  const values = [1, 0, 0.5, 0.25, 0.75].map((share) => {
    const value = signed(valueAtShare(field.scale, share), legendDigits(scene, share), view);
    const hasMore = share === 1 && field.extent[1] > high && !view.against;
    const text = `${value}${hasMore ? " and more" : ""}`;
    const size = widthOf(text);
    return {text, size, middle: box.left + middleInside(share * box.width, size, box.width)};
  });
  const kept = spacedLabels(values, (label) => label).sort((a, b) => a.middle - b.middle);
  const labels = kept.map(({text, middle}) =>
    make(
      "text",
      {
        x: middle,
        y: box.top + box.height + 19,
        fill: palette.muted,
        "font-size": 11,
        "text-anchor": "middle",
      },
      text,
    ),
  );
  const titleRoom = layout.width - box.left;
  const title = fitting(quantityTexts(view), titleRoom, widthOf, {size: 12, weight: 600});
  return make(
    "g",
    {class: "surface-legend"},
    make("text", {x: box.left, y: box.top, "font-weight": 600}, title),
    ...strips,
    ...labels,
  );
}

/** What the colours stand for. */
export const quantityText = (view: SurfaceView): string => quantityTexts(view)[0];

/** The same from the fullest to the shortest. */
function quantityTexts({shown, against, surface}: SurfaceView): readonly string[] {
  const quantity = shown === "loss" ? "loss" : "rise of the loss through rounding";
  if (!against) return [`${quantity}, nats per token`, quantity];
  const difference = `${surface.name} minus ${against.name}`;
  return [
    `${quantity}: ${difference}, nats per token`,
    `${difference}, nats per token`,
    `${difference}, nats`,
  ];
}

const signed = (value: number, digits: number, {against}: SurfaceView): string =>
  `${against && value > 0 ? "+" : ""}${value.toFixed(digits)}`.replace("-", "−");

const signedText = (value: number, {against}: SurfaceView): string =>
  `${against && value > 0 ? "+" : ""}${value}`.replace("-", "−");

/** Decimals that tell a value of the legend from those beside it; a difference has one digit that is not zero. */
function legendDigits({view, field: {scale}}: Scene, share: number): number {
  const valueAt = (share: number) => valueAtShare(scale, share);
  if (!view.against) return digitsOfStep(valueAt(share + 0.1) - valueAt(share - 0.1));
  const size = Math.abs(valueAt(share));
  return size < 1e-9 ? 0 : digitsOfStep(size);
}

/** Decimals that a step needs. */
const digitsOfStep = (step: number): number => Math.min(5, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));

function plotAxes(scene: Scene): SVGGElement {
  const {view, layout, make, palette, widthOf} = scene;
  const {plot, isNarrow} = layout;
  const bottom = plot.top + plot.height;
  const xTicks = axisTicks(view.x, Math.floor(plot.width / (isNarrow ? 46 : 52)));
  const yTicks = axisTicks(view.y, Math.floor(plot.height / 26));
  const tickMiddle = (x: number, text: string) => middleInside(x, widthOf(text, {size: 12}), layout.width);
  return make(
    "g",
    {},
    ...xTicks.map((tick) => {
      const x = plot.left + shareOf(view.x, tick) * plot.width;
      const text = valueText(view.x, tick);
      return make(
        "g",
        {},
        make("line", {x1: x, x2: x, y1: bottom, y2: bottom + 5, stroke: palette.rule}),
        make(
          "text",
          {x: tickMiddle(x, text), y: bottom + 18, "text-anchor": "middle", fill: palette.muted},
          text,
        ),
      );
    }),
    ...yTicks.map((tick) => {
      const y = bottom - shareOf(view.y, tick) * plot.height;
      return make(
        "g",
        {},
        make("line", {x1: plot.left - 5, x2: plot.left, y1: y, y2: y, stroke: palette.rule}),
        make(
          "text",
          {x: plot.left - 8, y: y + 4, "text-anchor": "end", fill: palette.muted},
          valueText(view.y, tick),
        ),
      );
    }),
    make(
      "text",
      {x: plot.left + plot.width, y: bottom + 36, "text-anchor": "end", "font-weight": 600},
      `${view.x.title} →`,
    ),
    make(
      "text",
      {
        transform: `translate(${isNarrow ? 10 : 14} ${plot.top}) rotate(-90)`,
        "text-anchor": "end",
        "font-weight": 600,
      },
      `${view.y.title} →`,
    ),
  );
}

/** Space in pixels that a label keeps to others. */
const labelRoom = 30;

function contourMarks(scene: Scene): SVGElement[] {
  const {view, field, layout, make} = scene;
  const {plot} = layout;
  const {columns, rows, scale} = field;
  const [perX, perY] = [plot.width / (columns - 1), plot.height / (rows - 1)];
  const taken = field.points.map((point) => placeOfRun(scene, point));
  const marks: SVGElement[] = [];
  const labels: SVGElement[] = [];
  for (const level of field.levels) {
    const lines = field.lines.filter((line) => line.level === level);
    if (lines.length === 0) continue;
    const color = isLight(scale, level) ? onMap.dark : onMap.light;
    const d = lines.map(({points}) => pathOf(points, perX, perY, plot.height)).join("");
    marks.push(
      make("path", {
        ...{
          d,
          fill: "none",
          stroke: color,
          "stroke-width": view.against && level === 0 ? 2 : 1,
          "stroke-opacity": 0.55,
        },
        class: "iso-line",
        "data-level": level,
      }),
    );
    const place = labelPlace(lines, {perX, perY, plot, taken});
    if (!place) continue;
    taken.push(place);
    labels.push(
      make(
        "text",
        {
          ...{
            x: round(place.x),
            y: round(place.y + 4),
            "text-anchor": "middle",
            "font-size": 11,
            fill: color,
          },
          ...{
            stroke: colorOf(scale, level),
            "stroke-width": 8, // hides the line above a decimal point, too
            "paint-order": "stroke",
            "stroke-linejoin": "round",
          },
          class: "iso-label",
        },
        signedText(level, view),
      ),
    );
  }
  return [...marks, ...labels];
}

const round = (x: number): number => Math.round(x * 10) / 10;

function pathOf(points: readonly number[], perX: number, perY: number, height: number): string {
  let d = `M${round(points[0] * perX)} ${round(height - points[1] * perY)}`;
  for (let i = 2; i < points.length; i += 2)
    d += `L${round(points[i] * perX)} ${round(height - points[i + 1] * perY)}`;
  return d;
}

/** A place on the longest line of a level that keeps away from the borders, from runs and from other labels. */
function labelPlace(
  lines: readonly IsoLine[],
  {
    perX,
    perY,
    plot,
    taken,
  }: {perX: number; perY: number; plot: Box; taken: readonly {x: number; y: number}[]},
): {x: number; y: number} | null {
  const {points} = lines.reduce((a, b) => (b.points.length > a.points.length ? b : a));
  const nodes = points.length / 2;
  for (const share of [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86]) {
    const i = 2 * Math.round(share * (nodes - 1));
    const place = {x: points[i] * perX, y: plot.height - points[i + 1] * perY};
    const isFree =
      place.x > 20 &&
      place.x < plot.width - 20 &&
      place.y > 10 &&
      place.y < plot.height - 10 &&
      taken.every(
        ({x, y}) => Math.abs(x - place.x) > 1.4 * labelRoom || Math.abs(y - place.y) > 0.6 * labelRoom,
      );
    if (isFree) return place;
  }
  return null;
}

/** The part of the plane on which the constants were fitted. */
function rangeMarks({view, layout: {plot}, make}: Scene): SVGElement[] {
  const {surface, x, y} = view;
  const spanOf = (axis: Axis) => (surface.domain[axis.name] ?? axis.range).map((end) => shareOf(axis, end));
  const [x0, x1] = spanOf(x).map((share) => share * plot.width);
  const [y1, y0] = spanOf(y).map((share) => plot.height * (1 - share));
  const box = {x: round(x0), y: round(y0), width: round(x1 - x0), height: round(y1 - y0), fill: "none"};
  return [
    make("rect", {...box, stroke: onMap.light, "stroke-width": 3, "stroke-opacity": 0.5}),
    make("rect", {
      ...box,
      stroke: onMap.dark,
      "stroke-width": 1.2,
      "stroke-dasharray": "5 4",
      class: "fitted-range",
    }),
    make(
      "text",
      {
        ...{
          x: Math.min(plot.width - 5, round(x1) - 6),
          y: round(y0) > 18 ? round(y0) - 5 : Math.max(13, round(y0) + 14),
          "text-anchor": "end",
          "font-size": 11,
          fill: onMap.dark,
        },
        ...{stroke: onMap.light, "stroke-width": 3, "stroke-opacity": 0.75, "paint-order": "stroke"},
      },
      surface.scale === "ours" ? "runs of the fit" : "range of the fit",
    ),
  ];
}

const runRadius = 6.5;

type MeasuredPoint = SurfaceField["points"][number];

/** A measured point in the colour of its loss: where the law agrees, it fades into the surface. */
/** From the upper left corner of the map, in pixels. */
function placeOfRun({view: {x, y}, layout: {plot}}: Scene, {values}: MeasuredPoint): {x: number; y: number} {
  return {
    x: shareOf(x, valueOn(values, x.name)!) * plot.width,
    y: plot.height - shareOf(y, valueOn(values, y.name)!) * plot.height,
  };
}

function runMark(scene: Scene, point: MeasuredPoint): SVGElement {
  const {view, field, make} = scene;
  const {x, y} = view;
  const values = {x: valueOn(point.values, x.name)!, y: valueOn(point.values, y.name)!};
  const {error} = point;
  const law = valueOfLaw(view.surface, view, {[x.name]: values.x, [y.name]: values.y});
  const place = placeOfRun(scene, point);
  const isOff = Math.abs(point.value - law) > error;
  const mark = make("circle", {
    cx: round(place.x),
    cy: round(place.y),
    r: runRadius,
    fill: colorOf(field.scale, point.value),
    stroke: isLight(field.scale, point.value) ? onMap.dark : onMap.light,
    "stroke-width": isOff ? 2.6 : 1,
    class: "run",
  });
  const digits = 3;
  const text =
    `measured ${point.value.toFixed(digits)}${Number.isNaN(error) ? "" : ` ± ${error.toFixed(digits)}`}` +
    ` (${point.seeds === 1 ? "one seed" : `${point.seeds} seeds`}), law ${law.toFixed(digits)}: ` +
    `${spokenValue(x, values.x)}, ${spokenValue(y, values.y)}`;
  mark.append(make("title", {}, text));
  return mark;
}

/** What moves with the point and the budget: the budget's line with its optimum, and the slices. */
export function moving(scene: Scene): SVGGElement {
  const {view, layout, make} = scene;
  return make(
    "g",
    {},
    inside(make, layout.plot, [...crossHair(scene), ...budgetMarks(scene), ...lowestMarks(scene)]),
    ...(layout.xSlice ? sliceMarks(scene, view.x, layout.xSlice, "below") : []),
    ...(layout.ySlice ? sliceMarks(scene, view.y, layout.ySlice, layout.isNarrow ? "own" : "beside") : []),
  );
}

function crossHair({view, layout: {plot}, make}: Scene): SVGElement[] {
  const {u, v} = placeOfView(view);
  const [x, y] = [round(u * plot.width), round(plot.height * (1 - v))];
  const lines = [
    {x1: x, x2: x, y1: 0, y2: plot.height},
    {x1: 0, x2: plot.width, y1: y, y2: y},
  ];
  return lines.flatMap((line) => [
    make("line", {...line, stroke: onMap.light, "stroke-opacity": 0.6, "stroke-width": 2}),
    make("line", {...line, stroke: onMap.dark, "stroke-width": 1, "stroke-dasharray": "2 3"}),
  ]);
}

function budgetMarks({view, layout: {plot}, make}: Scene): SVGElement[] {
  const spending = spendingOf(view);
  if (!spending || spending.line.length < 2) return [];
  const {line, optimum} = spending;
  const d = `M${line.map((place) => pixels(place, plot)).join("L")}`;
  return [
    make("path", {d, fill: "none", stroke: onMap.light, "stroke-width": 5, "stroke-opacity": 0.8}),
    make("path", {d, fill: "none", stroke: onMap.dark, "stroke-width": 2.5, class: "budget-line"}),
    ...(optimum ? [star(optimum, plot, make)] : []),
  ];
}

const pixels = ({u, v}: Place, {width, height}: Box): string =>
  `${round(u * width)} ${round(height * (1 - v))}`;

/** The lowest place on a line or a plane, as a diamond; hollow where it is only the end of the picture. */
function star(place: Optimum, plot: Box, make: Scene["make"]): SVGElement {
  const size = 9;
  return make("path", {
    d: `M0 ${-size}L${size} 0L0 ${size}L${-size} 0Z`,
    transform: `translate(${pixels(place, plot)})`,
    fill: place.isAtEdge ? "none" : onMap.light,
    stroke: onMap.dark,
    "stroke-width": 2,
    class: "optimum",
    "data-u": place.u.toFixed(6),
    "data-v": place.v.toFixed(6),
  });
}

/** Where compute is given, the best place of the whole plane. */
function lowestMarks({view, field, layout: {plot}, make}: Scene): SVGElement[] {
  const lowest = lowestOf(view, field);
  return lowest ? [star(lowest, plot, make)] : [];
}

const sliceSamples = 120;

type SlicePosition = "below" | "beside" | "own";

/** The loss along one axis through the point, with the runs near it. */
function sliceMarks(scene: Scene, axis: Axis, box: Box, position: SlicePosition): SVGElement[] {
  const {view, field, palette, make} = scene;
  const [low, high] = sliceRangeOf(view);
  const lossShare = (loss: number) => (loss - low) / (high - low);
  const isUpright = position !== "beside";
  const place = (share: number, loss: number): readonly [number, number] =>
    isUpright
      ? [round(share * box.width), round(box.height * (1 - lossShare(loss)))]
      : [round(lossShare(loss) * box.width), round(box.height * (1 - share))];
  const other = axis === view.x ? view.y : view.x;
  const laws = view.against ? [view.surface, view.against] : [view.surface];
  const isDifference = view.against !== null;
  const curve = (value: (changes: {[name: string]: number}) => number) => {
    let d = "";
    let isDown = false;
    for (let i = 0; i <= sliceSamples; i++) {
      const loss = value({[axis.name]: valueAt(axis, i / sliceSamples)});
      const isInside = Number.isFinite(loss) && loss < high + 3 * (high - low);
      if (isInside) d += `${isDown ? "L" : "M"}${place(i / sliceSamples, loss).join(" ")}`;
      isDown = isInside;
    }
    return d;
  };
  const near = field.points.filter((point) =>
    isNear(other, valueOn(point.values, other.name)!, view.values[other.name]!),
  );
  const here = view.values[axis.name]!;
  const [hereX, hereY] = place(shareOf(axis, here), valueOfView(view));
  const step = niceStep(
    (2.4 * (high - low)) / Math.max(2, (isUpright ? box.height : box.width) / (isUpright ? 26 : 52)),
  );
  const digits = digitsOfStep(step);
  const ticks = multiplesOf(step, low, high);
  const tickLine = (tick: number) => {
    const [x, y] = place(0, tick);
    return isUpright
      ? make("line", {x1: 0, x2: box.width, y1: y, y2: y, stroke: palette.rule, "stroke-opacity": 0.5})
      : make("line", {x1: x, x2: x, y1: 0, y2: box.height, stroke: palette.rule, "stroke-opacity": 0.5});
  };
  const tickLabel = (tick: number) => {
    const [x, y] = place(0, tick);
    const at = isUpright
      ? {x: box.left - 8, y: box.top + y + 4, "text-anchor": "end"}
      : {x: box.left + x, y: box.top + box.height + 18, "text-anchor": "middle"};
    return make("text", {...at, fill: palette.muted, "font-size": 11}, signed(tick, digits, view));
  };
  const marks: SVGElement[] = [
    ...ticks.map(tickLine),
    ...sliceRange(scene, axis, box, isUpright),
    make("path", {
      d: isDifference
        ? curve((changes) => valueOfLaw(laws[0], view, changes) - valueOfLaw(laws[1], view, changes))
        : curve((changes) => valueOfLaw(laws[0], view, changes)),
      ...{fill: "none", stroke: palette.ink, "stroke-width": 2, class: "slice"},
    }),
    ...near.flatMap((point) => {
      const share = shareOf(axis, valueOn(point.values, axis.name)!);
      const {error} = point;
      const [x, y] = place(share, point.value);
      const [x1, y1] = place(share, point.value - (error || 0));
      const [x2, y2] = place(share, point.value + (error || 0));
      return [
        make("line", {x1, y1, x2, y2, stroke: palette.backward, "stroke-width": 2}),
        make("circle", {cx: x, cy: y, r: 4, fill: palette.backward, stroke: palette.background}),
      ];
    }),
    make("circle", {
      cx: hereX,
      cy: hereY,
      r: 5,
      fill: palette.ink,
      stroke: palette.background,
      "stroke-width": 1.5,
    }),
  ];
  const title = `at ${spokenValue(other, view.values[other.name]!)}`;
  const titlePlace = {x: box.left + (isUpright ? 0 : 4), y: box.top - 7};
  return [
    inside(make, box, marks),
    outline(scene, box),
    ...ticks.map(tickLabel),
    make("text", {...titlePlace, "font-size": 12, fill: palette.muted}, title),
    ...(position === "own" ? ownAxis(scene, axis, box) : []),
  ];
}

/** The range of the fit as a lighter band. */
function sliceRange({view, palette, make}: Scene, axis: Axis, box: Box, isUpright: boolean): SVGElement[] {
  const domain = view.surface.domain[axis.name];
  if (!domain || view.hidden.includes("range")) return [];
  const [from, to] = domain.map((end) => Math.min(1, Math.max(0, shareOf(axis, end))));
  const place = isUpright
    ? {x: from * box.width, y: 0, width: (to - from) * box.width, height: box.height}
    : {x: 0, y: box.height * (1 - to), width: box.width, height: (to - from) * box.height};
  return [make("rect", {...place, fill: palette.muted, "fill-opacity": 0.12})];
}

function ownAxis(
  {layout, palette, make, widthOf}: Scene,
  axis: Axis,
  {left, top, width, height}: Box,
): SVGElement[] {
  const bottom = top + height;
  return [
    ...axisTicks(axis, Math.floor(width / 46)).map((tick) => {
      const text = valueText(axis, tick);
      const size = widthOf(text, {size: 12});
      const x = middleInside(left + shareOf(axis, tick) * width, size, layout.width);
      return make("text", {x, y: bottom + 18, "text-anchor": "middle", fill: palette.muted}, text);
    }),
    make(
      "text",
      {x: left + width, y: bottom + 36, "text-anchor": "end", "font-weight": 600},
      `${axis.title} →`,
    ),
  ];
}

const multiplesOf = (step: number, low: number, high: number): number[] =>
  Array.from(
    {length: Math.max(0, Math.floor(high / step) - Math.ceil(low / step) + 1)},
    (_, i) => (Math.ceil(low / step) + i) * step,
  );

/** The losses that both slices show: most of what the law has along them, and the point with room around it. */
function sliceRangeOf(view: SurfaceView): [number, number] {
  const values = [view.x, view.y]
    .flatMap((axis) =>
      Array.from({length: 41}, (_, i) => valueOfView(view, {[axis.name]: valueAt(axis, i / 40)})),
    )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const here = valueOfView(view);
  const ends = [values[0], values[Math.round(0.85 * (values.length - 1))], here].filter(Number.isFinite);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(0.08 * (high - low), 1e-3);
  return [low - room, high + room];
}

/** The point itself, for pictures that nobody drags it in. */
function pointMark({view, layout: {plot}, make}: Scene): SVGGElement {
  const {u, v} = placeOfView(view);
  const at = {cx: round(plot.left + u * plot.width), cy: round(plot.top + plot.height * (1 - v))};
  return make(
    "g",
    {},
    make("circle", {...at, r: 9, fill: "none", stroke: onMap.light, "stroke-width": 5}),
    make("circle", {...at, r: 9, fill: "none", stroke: onMap.dark, "stroke-width": 2.5}),
  );
}
