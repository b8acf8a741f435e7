import type {LivingChart} from "./chart-figure.js";
import {elementMaker} from "./element-maker.js";
import {colorIndices, pixelsOf} from "./loss-colors.js";
import {pagePalette} from "./palette.js";
import {
  type Axis,
  type AxisValues,
  roundedValue,
  spokenValue,
  steppedValue,
  valueAt,
} from "./surface-axis.js";
import {costAt, type Place} from "./surface-budget.js";
import {moving, type Scene, standing, surfaceFrame} from "./surface-chart.js";
import {type Box, surfaceLayout} from "./surface-layout.js";
import {lossText, surfaceSentence} from "./surface-sentences.js";
import {
  fieldKey,
  placeOfView,
  planeOf,
  type SurfaceField,
  type SurfaceView,
  shownBudget,
  spendingOf,
  surfaceField,
  valueOfView,
} from "./surface-view.js";
import {svgMaker} from "./svg-maker.js";
import {textWidth} from "./text-width.js";

interface SurfacePlotOptions {
  readonly view: () => SurfaceView;
  readonly onPoint: (values: AxisValues) => void;
  readonly onBudget: (amount: number) => void;
  readonly document?: Document;
}

interface SurfacePlot extends LivingChart {
  /** Of the last drawing, computed anew only where the view needs it. */
  readonly field: () => SurfaceField;
}

/** Pixels around the budget's line in which it can be taken. */
const grabWidth = 24;

/**
 * A surface under the pointer: its point is dragged anywhere on the map or along the slices, its budget by the line. Colours
 * are pixels of a canvas; what stays while something is dragged is not drawn again.
 */
export function surfacePlot({
  view,
  onPoint,
  onBudget,
  document = globalThis.document,
}: SurfacePlotOptions): SurfacePlot {
  const make = elementMaker(document);
  const svg = svgMaker(document);
  const canvas = make("canvas");
  const colours = make("div", {class: "surface-colours", "aria-hidden": "true"}, canvas);
  const picture = make("div", {class: "surface-picture"});
  const pointHandle = handle("surface-point", "Point on the surface");
  const budgetHandle = handle("surface-budget", "Budget");
  const element = make("div", {class: "surface-plot"}, colours, picture, pointHandle, budgetHandle);
  const grab = svg("path", {
    ...{class: "budget-grab", fill: "none", stroke: "transparent", "stroke-width": grabWidth},
    "pointer-events": "stroke",
  });

  let drawn: {key: string; width: number; scene: Scene; moving: SVGGElement} | undefined;

  function draw(width: number): void {
    const now = view();
    const key = `${fieldKey(now)} ${now.hidden.join()}`;
    if (drawn && drawn.key === key && drawn.width === width) {
      const scene = {...drawn.scene, view: now};
      const next = moving(scene);
      drawn.moving.replaceWith(next);
      drawn = {...drawn, scene, moving: next};
    } else drawn = drawnAnew(now, key, width);
    placeHandles();
  }

  function drawnAnew(now: SurfaceView, key: string, width: number) {
    const layout = surfaceLayout(width, {slices: !now.hidden.includes("slices")});
    const field =
      drawn && fieldKey(drawn.scene.view) === fieldKey(now) ? drawn.scene.field : surfaceField(now);
    const widthOf = textWidth(document);
    const scene: Scene = {view: now, field, layout, palette: pagePalette, make: svg, widthOf};
    paint(canvas, field);
    const {left, top, width: w, height: h} = layout.plot;
    colours.style.cssText = `left:${left}px;top:${top}px;width:${w}px;height:${h}px`;
    // Values belong to nodes, the middles of pixels: their outer halves lie outside.
    const [halfX, halfY] = [w / (field.columns - 1) / 2, h / (field.rows - 1) / 2];
    canvas.style.cssText = `left:${-halfX}px;top:${-halfY}px;width:${w + 2 * halfX}px;height:${h + 2 * halfY}px`;
    const frame = surfaceFrame(scene);
    frame.setAttribute("aria-hidden", "true"); // the handles and the sentence below say what it shows
    const group = moving(scene);
    frame.append(standing(scene), group, svg("g", {transform: `translate(${left} ${top})`}, grab));
    picture.replaceChildren(frame);
    return {key, width, scene, moving: group};
  }

  function placeHandles(): void {
    const {view: now, layout} = drawn!.scene;
    const place = placeOfView(now);
    put(pointHandle, place, layout.plot);
    const [x, y] = [now.values[now.x.name]!, now.values[now.y.name]!];
    tell(
      pointHandle,
      Math.round(100 * place.u),
      `${spokenValue(now.x, x)}, ${spokenValue(now.y, y)}: ${lossText(valueOfView(now))} nats`,
    );
    grab.setAttribute("d", drawn!.moving.querySelector(".budget-line")?.getAttribute("d") ?? "");
    const spending = spendingOf(now);
    budgetHandle.hidden = !spending || spending.line.length < 2;
    if (!spending || budgetHandle.hidden) return;
    const {line, budget, amount} = spending;
    const at = line[Math.round(0.82 * (line.length - 1))];
    put(budgetHandle, at, layout.plot);
    budgetHandle.textContent = budget.text(amount);
    budgetHandle.setAttribute("aria-label", `Budget: ${budget.title}`);
    tell(budgetHandle, Math.round(100 * at.u), budget.text(amount));
  }

  const layoutNow = () => drawn!.scene.layout;
  /** Where a pointer is, as shares of the map; beyond its borders, at them. */
  const placeUnder = (
    {clientX, clientY}: {clientX: number; clientY: number},
    box: Box = layoutNow().plot,
  ): Place => {
    const {left, top} = picture.getBoundingClientRect();
    const clamp = (share: number) => Math.min(1, Math.max(0, share));
    return {
      u: clamp((clientX - left - box.left) / box.width),
      v: clamp(1 - (clientY - top - box.top) / box.height),
    };
  };
  const movePoint = (place: Partial<Place>) => {
    const {x, y} = view();
    const changes: Record<string, number> = {};
    if (place.u !== undefined) changes[x.name] = roundedValue(x, valueAt(x, place.u));
    if (place.v !== undefined) changes[y.name] = roundedValue(y, valueAt(y, place.v));
    onPoint(changes);
  };
  const moveBudget = (place: Place) => {
    const now = view();
    const shown = shownBudget(now);
    if (shown) onBudget(Number(costAt(planeOf(now), shown.budget, place).toPrecision(3)));
  };

  /** Which part of the picture a pointer is on, and what dragging there moves. */
  function dragAt(event: PointerEvent | MouseEvent): ((event: PointerEvent | MouseEvent) => void) | null {
    if (event.target === grab) return (next) => moveBudget(placeUnder(next));
    const {plot, xSlice, ySlice, isNarrow} = layoutNow();
    const {left, top} = picture.getBoundingClientRect();
    const isIn = (box: Box | null) =>
      box !== null &&
      event.clientX >= left + box.left &&
      event.clientX <= left + box.left + box.width &&
      event.clientY >= top + box.top &&
      event.clientY <= top + box.top + box.height;
    if (isIn(plot)) return (next) => movePoint(placeUnder(next));
    if (isIn(xSlice)) return (next) => movePoint({u: placeUnder(next, xSlice!).u});
    if (isIn(ySlice))
      return (next) => {
        const {u, v} = placeUnder(next, ySlice!);
        movePoint({v: isNarrow ? u : v});
      };
    return null;
  }

  picture.addEventListener("pointerdown", (event) => {
    // A finger on the map may want to scroll: it moves the point by a tap, or by its handle.
    if (event.button !== 0 || (event.pointerType === "touch" && event.target !== grab)) return;
    const move = dragAt(event);
    if (!move) return;
    event.preventDefault();
    (event.target === grab ? budgetHandle : pointHandle).focus({preventScroll: true});
    move(event);
    follow(move);
  });
  picture.addEventListener("click", (event) => {
    if ((event as PointerEvent).pointerType === "touch" && event.target !== grab) dragAt(event)?.(event);
  });
  pointHandle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    pointHandle.focus({preventScroll: true});
    follow((next) => movePoint(placeUnder(next)));
  });
  budgetHandle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    budgetHandle.focus({preventScroll: true});
    follow((next) => moveBudget(placeUnder(next)));
  });
  pointHandle.addEventListener("keydown", (event) => {
    const {x, y, values} = view();
    const step = (axis: Axis, direction: 1 | -1) =>
      onPoint({[axis.name]: steppedValue(axis, values[axis.name]!, direction, {fine: event.shiftKey})});
    if (event.key === "ArrowRight") step(x, 1);
    else if (event.key === "ArrowLeft") step(x, -1);
    else if (event.key === "ArrowUp") step(y, 1);
    else if (event.key === "ArrowDown") step(y, -1);
    else return;
    event.preventDefault();
  });
  budgetHandle.addEventListener("keydown", (event) => {
    const shown = shownBudget(view());
    const direction = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
    if (!shown || !direction) return;
    event.preventDefault();
    const {amount, budget} = shown;
    const next =
      budget.name === "bits"
        ? amount + direction * (event.shiftKey ? 0.1 : 1)
        : amount * (event.shiftKey ? 1.01 : 1.1) ** direction;
    onBudget(Number(next.toPrecision(3)));
  });

  return {
    element,
    draw,
    label: () => (drawn ? surfaceSentence(drawn.scene.view, drawn.scene.field) : ""),
    field: () => drawn?.scene.field ?? surfaceField(view()),
  };

  function handle(className: string, label: string): HTMLDivElement {
    return make("div", {
      ...{class: `surface-handle ${className}`, role: "slider", tabindex: 0, "aria-label": label},
      ...{"aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0},
    });
  }

  /** Calls `move` with the pointer until it is lifted; on the document, since it may leave the picture. */
  function follow(move: (event: PointerEvent) => void): void {
    const end = () => {
      document.removeEventListener("pointermove", move);
      for (const type of endings) document.removeEventListener(type, end);
    };
    document.addEventListener("pointermove", move);
    for (const type of endings) document.addEventListener(type, end);
  }
}

const endings = ["pointerup", "pointercancel"] as const;

function put(element: HTMLElement, {u, v}: Place, {left, top, width, height}: Box): void {
  element.style.transform = `translate(${left + u * width}px, ${top + (1 - v) * height}px)`;
}

function tell(element: HTMLElement, now: number, text: string): void {
  element.setAttribute("aria-valuenow", String(Math.min(100, Math.max(0, now))));
  element.setAttribute("aria-valuetext", text);
}

function paint(canvas: HTMLCanvasElement, field: SurfaceField): void {
  const {columns, rows, scale} = field;
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext?.("2d");
  if (!context) return;
  const image = context.createImageData(columns, rows);
  pixelsOf(scale, colorIndices(scale, field), image.data);
  context.putImageData(image, 0, 0);
}
