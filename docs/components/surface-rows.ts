import type {Column} from "./column.js";
import {valueOn} from "./measured-runs.js";
import {axisTicks, valueAt} from "./surface-axis.js";
import {quantityText} from "./surface-chart.js";
import {type SurfaceField, type SurfaceView, valueOfView} from "./surface-view.js";

/** One line of the table behind a surface. */
export interface SurfaceRow {
  readonly from: "law" | "measured" | "point";
  readonly x: number;
  readonly y: number;
  readonly value: number | null;
  /** Two standard errors of what was measured. */
  readonly error: number | null;
  readonly seeds: number | null;
}

/** The point, the runs, and the law at the ticks of both axes. */
export function surfaceRows(view: SurfaceView, field: SurfaceField): SurfaceRow[] {
  const {x, y, values} = view;
  const law = axisTicks(y, 12).flatMap((up) => axisTicks(x, 12).map((across) => lawRow(view, across, up)));
  return [
    {...lawRow(view, values[x.name]!, values[y.name]!), from: "point"},
    ...measuredRows(view, field),
    ...law,
  ];
}

/** Steps of the law along each axis in the file. */
const fileSteps = 50;

/** The same with the law at far more places. */
export function allSurfaceRows(view: SurfaceView, field: SurfaceField): SurfaceRow[] {
  const {x, y} = view;
  const steps = Array.from({length: fileSteps + 1}, (_, i) => i / fileSteps);
  return [
    ...measuredRows(view, field),
    ...steps.flatMap((v) => steps.map((u) => lawRow(view, valueAt(x, u), valueAt(y, v)))),
  ];
}

function lawRow(view: SurfaceView, x: number, y: number): SurfaceRow {
  const value = valueOfView(view, {[view.x.name]: x, [view.y.name]: y});
  return {from: "law", x, y, value: Number.isNaN(value) ? null : value, error: null, seeds: null};
}

const measuredRows = ({x, y}: SurfaceView, {points}: SurfaceField): SurfaceRow[] =>
  points.map((point) => {
    const {error} = point;
    return {
      from: "measured",
      x: valueOn(point.values, x.name)!,
      y: valueOn(point.values, y.name)!,
      value: point.value,
      error: Number.isNaN(error) ? null : error,
      seeds: point.seeds,
    };
  });

export const surfaceColumns = (view: SurfaceView): Column<SurfaceRow>[] => [
  {name: "from", value: ({from}) => from},
  {name: view.x.name, value: ({x}) => x, format: (value) => String(Number(value.toPrecision(4)))},
  {name: view.y.name, value: ({y}) => y, format: (value) => String(Number(value.toPrecision(4)))},
  {name: quantityText(view), value: ({value}) => value, format: (value) => value.toFixed(4)},
  {name: "error", value: ({error}) => error, format: (value) => value.toFixed(4)},
  {name: "seeds", value: ({seeds}) => seeds},
];
