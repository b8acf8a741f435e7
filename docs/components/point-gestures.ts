import type {PointPlace} from "./law-points.js";

interface PointGestures {
  /** A click on a point, or beside it. */
  readonly onPress: (row: number) => void;
  /** Points inside of a rectangle that was drawn. */
  readonly onBrush: (rows: readonly number[]) => void;
}

/** Pixels from a point at which a click still means it, and that a pointer has to move to draw a rectangle. */
const reach = 14;
const leastDrag = 6;

/** Lets points of a chart be clicked, and several of them be caught in a rectangle. Moving up or down on a touch screen scrolls. */
export function pointGestures(
  chart: SVGSVGElement,
  places: readonly PointPlace[],
  {onPress, onBrush}: PointGestures,
): void {
  chart.style.touchAction = "pan-y";
  chart.style.cursor = "crosshair";
  let start: {x: number; y: number} | undefined;
  let box: SVGRectElement | undefined;

  const at = (event: PointerEvent) => {
    const {left, top} = chart.getBoundingClientRect();
    return {x: event.clientX - left, y: event.clientY - top};
  };
  const end = () => {
    box?.remove();
    box = undefined;
    start = undefined;
  };
  // Before Plot's tips, which keep the event to themselves.
  chart.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button === 0) start = at(event);
    },
    {capture: true},
  );
  chart.addEventListener("pointermove", (event) => {
    if (!start) return;
    const {x, y} = at(event);
    if (!box && Math.hypot(x - start.x, y - start.y) < leastDrag) return;
    if (!box) {
      box = chart.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "rect");
      box.setAttribute("class", "brush-box");
      chart.append(box);
      chart.setPointerCapture?.(event.pointerId);
    }
    box.setAttribute("x", String(Math.min(x, start.x)));
    box.setAttribute("y", String(Math.min(y, start.y)));
    box.setAttribute("width", String(Math.abs(x - start.x)));
    box.setAttribute("height", String(Math.abs(y - start.y)));
  });
  chart.addEventListener("pointerup", (event) => {
    if (!start) return;
    const from = start;
    const to = at(event);
    const isBrush = box !== undefined;
    end();
    if (isBrush) {
      const rows = rowsInside(places, from, to);
      if (rows.length > 0) onBrush(rows);
      return;
    }
    const row = nearestRow(places, to);
    if (row !== undefined) onPress(row);
  });
  chart.addEventListener("pointercancel", end);
}

export function nearestRow(
  places: readonly PointPlace[],
  {x, y}: {x: number; y: number},
): number | undefined {
  let best: number | undefined;
  let least = reach;
  for (const place of places) {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < least) [best, least] = [place.row, distance];
  }
  return best;
}

type Corner = Pick<PointPlace, "x" | "y">;

const rowsInside = (places: readonly PointPlace[], a: Corner, b: Corner): number[] =>
  places
    .filter(
      ({x, y}) =>
        x >= Math.min(a.x, b.x) &&
        x <= Math.max(a.x, b.x) &&
        y >= Math.min(a.y, b.y) &&
        y <= Math.max(a.y, b.y),
    )
    .map(({row}) => row);
