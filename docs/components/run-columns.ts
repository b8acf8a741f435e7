import type {Column} from "./column.js";
import {
  countText,
  impliedKeys,
  observingKeys,
  rateKey,
  type SweepAxis,
  seedKey,
  sweepAxis,
} from "./sweep-axes.js";
import type {Sweep} from "./sweep-desk.js";
import type {SweepRun} from "./sweep-run.js";

/** A column of the table of runs, which can be sorted by its key. */
export interface RunColumn extends Column<SweepRun> {
  readonly key: string;
  /** What rows are compared by; null comes last. */
  readonly rank: (run: SweepRun) => number | string | null;
}

/**
 * The columns of the table: what tells the runs apart, their size, and how they ended. With `isFull` also the settings
 * that follow from others.
 */
export function runColumns(
  {info, runs, axes}: Pick<Sweep, "info" | "runs" | "axes">,
  {isFull = false}: {isFull?: boolean} = {},
): RunColumn[] {
  const isAxis = (key: string) => axes.some((axis) => axis.key === key);
  const settings = info.differing.filter((key) => ![...observingKeys, ...impliedKeys, seedKey].includes(key));
  const others = settings
    .filter((key) => !isAxis(key) && (isFull || key === rateKey))
    .map((key) => sweepAxis(key, runs));
  const own = axes.filter(({key}) => !["N", "D", seedKey].includes(key));
  const seed = axes.filter(({key}) => key === seedKey);
  return [
    ...[...own, ...others, ...seed].map(settingColumn),
    number("N", "N", (run) => run.parameters, countText),
    number("D", "D", (run) => run.tokens, countText),
    number(
      "loss",
      "held-out loss",
      (run) => run.loss,
      (loss) => loss.toFixed(4),
    ),
    ...(runs.some(({aboveFloor}) => aboveFloor !== null)
      ? [
          number(
            "above",
            "above floor",
            (run) => run.aboveFloor,
            (loss) => loss.toFixed(4),
          ),
        ]
      : []),
    number(
      "seconds",
      "seconds",
      (run) => run.seconds,
      (seconds) => seconds.toFixed(seconds < 10 ? 1 : 0),
    ),
    {
      key: "verdict",
      name: "ended",
      value: ({verdict, diverged}) => (diverged ? `diverged at step ${diverged.step}` : verdict),
      rank: ({verdict}) => verdict,
    },
    {key: "run", name: "run", value: ({name}) => name, rank: ({name}) => name},
  ];
}

function settingColumn({key, label, isNumeric, textOf, values, format}: SweepAxis): RunColumn {
  return {
    key,
    name: label,
    value: (run) => (isNumeric ? Number(textOf(run)) : format(textOf(run))),
    format: (value) => numberText(value),
    rank: (run) => (isNumeric ? Number(textOf(run)) : values.indexOf(textOf(run))),
  };
}

const numberText = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));

const number = (
  key: string,
  name: string,
  measure: (run: SweepRun) => number | null,
  format: (value: number) => string,
): RunColumn => ({key, name, value: measure, format, rank: measure});

/** Sorted by a column: `-loss` is from the largest on. What has no value comes last; equal ones stay in their order. */
export function sortedRuns(
  runs: readonly SweepRun[],
  columns: readonly RunColumn[],
  sort: string,
): SweepRun[] {
  const isDescending = sort.startsWith("-");
  const column = columns.find(({key}) => key === sort.replace(/^-/, ""));
  if (!column) return [...runs];
  const sign = isDescending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [column.rank(a), column.rank(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return x === y ? 0 : x < y ? -sign : sign;
  });
}
