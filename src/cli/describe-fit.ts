import {version} from "../../package.json";
import type {ComparedLaw} from "../laws/compare-laws.js";
import type {Estimate, FitResult} from "../laws/fit.js";
import type {Law} from "../laws/law.js";
import {countText} from "../laws/quantity.js";
import type {RunTable} from "../laws/run-table.js";
import type {RunTableReading} from "../laws/run-table-builder.js";
import {type VariableName, variables} from "../laws/variables.js";
import {alignColumns, counted} from "./text.js";

export interface FitReport {
  readonly law: Law;
  /** Where the runs are from, as it was asked for. */
  readonly source: string;
  readonly reading: RunTableReading;
  readonly result: FitResult;
  /** The law and others, fitted to the same runs. */
  readonly comparison: readonly ComparedLaw[] | null;
}

/** Runs with the largest residuals that are named. */
const namedRuns = 5;

/** The result for machines; `bitscape plan --constants` reads it. */
export function fitJson({source, reading, result, comparison}: FitReport): string {
  const {table: runs, positions, ...read} = reading;
  const table = {
    source,
    ...read,
    positions: result.places.map((place) => positions[place]),
    domain: domainOf(runs, result),
  };
  return JSON.stringify(
    {
      bitscape: version,
      table,
      ...result,
      ...(comparison && {comparison: comparison.map(withoutPredictions)}),
    },
    null,
    2,
  );
}

/** Of a compared law everything but what it says of each run. */
function withoutPredictions({fit, ...compared}: ComparedLaw) {
  const {constants, rootMeanSquare, objective, leaveLargestOut} = fit;
  return {
    ...compared,
    constants,
    rootMeanSquare,
    objective,
    largestLeftOut: leaveLargestOut?.rootMeanSquare ?? null,
  };
}

/** From the smallest to the largest value of each variable in the rows that were fitted; none where nothing is rounded. */
function domainOf({columns}: RunTable, {places}: FitResult): Record<string, [number, number]> {
  const ranges = Object.entries(columns).flatMap(([name, values]) => {
    const {without} = variables[name as VariableName];
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const place of places) {
      const value = values[place];
      if (value === without) continue;
      from = Math.min(from, value);
      to = Math.max(to, value);
    }
    return name === "loss" || from > to ? [] : [[name, [from, to]] as const];
  });
  return Object.fromEntries(ranges) as Record<string, [number, number]>;
}

/** The result as text for people. */
export function describeFit(report: FitReport): string {
  const {result, comparison} = report;
  const parts = [
    alignColumns(headLines(report)),
    estimateTable("constant", result.constants, result),
    ...(result.derived.length > 0 ? [estimateTable("follows", result.derived, result)] : []),
    alignColumns(errorLines(result)),
    worstRuns(report),
    ...(comparison ? [comparisonTable(comparison)] : []),
    ...(result.warnings.length > 0 ? [result.warnings.join("\n")] : []),
  ];
  return parts.join("\n\n");
}

function headLines({law, source, reading, result}: FitReport): string[][] {
  const {rowsRead, filteredOut, badRows, firstBadRows, largestLossesLeftOut = 0, columns} = reading;
  const left = [
    filteredOut > 0 ? `${filteredOut} by filters` : "",
    badRows > 0 ? `${badRows} that cannot be used (${firstBadRows[0]}${badRows > 1 ? "; …" : ""})` : "",
    largestLossesLeftOut > 0 ? `${largestLossesLeftOut} with the largest losses` : "",
  ].filter(Boolean);
  const used =
    result.rows === rowsRead ? counted(rowsRead, "run") : `${result.rows} of ${counted(rowsRead, "run")}`;
  const origins = Object.entries(columns).map(
    ([name, origin]) => `${variables[name as VariableName].symbol} from ${origin}`,
  );
  const absent = law.variables.filter((name) => columns[name] === undefined);
  return [
    ["law", `${law.name}: ${law.formula}`],
    ["runs", `${used} of ${source}, ${counted(result.groups, "group")} of equal N and D`],
    ...(left.length > 0 ? [["left out", left.join(", ")]] : []),
    ["columns", origins.join(", ")],
    ...(absent.length > 0 ? [["not rounded", `${absent.join(", ")}: the table has no such column`]] : []),
  ];
}

function estimateTable(
  head: string,
  estimates: readonly Estimate[],
  {bootstrap, confidence}: FitResult,
): string {
  const how = bootstrap ? `bootstrap by ${bootstrap.by}` : "by curvature";
  const rows = estimates.map(({name, symbol, value, standardError, interval, identified, atBound, fixed}) => [
    symbol === name ? name : `${name} (${symbol})`,
    numberText(value),
    fixed ? "" : interval ? `${numberText(interval[0])} to ${numberText(interval[1])}` : "none",
    fixed || standardError === null ? "" : numberText(standardError),
    fixed ? "fixed" : identified ? "" : atBound ? "not identified: at a bound" : "not identified",
  ]);
  const heads = [
    head,
    "value",
    `${Number((confidence * 100).toPrecision(4))} % interval, ${how}`,
    "standard error",
    "",
  ];
  return alignColumns([heads, ...rows], {right: [1, 3]});
}

function errorLines(result: FitResult): string[][] {
  const {rootMeanSquare, rSquared, heldOut, leaveLargestOut, starts, objective, huberDelta} = result;
  const largest = leaveLargestOut;
  return [
    ["error of ln(loss)", `${numberText(rootMeanSquare)} RMS in the sample, R² ${rSquared.toFixed(4)}`],
    ...(heldOut
      ? [
          [
            "held out",
            `${numberText(heldOut.rootMeanSquare)} RMS, ${counted(heldOut.folds, "part")} of whole groups`,
          ],
        ]
      : []),
    ...(largest
      ? [
          [
            "largest left out",
            `${numberText(largest.rootMeanSquare)} RMS, mean ${numberText(largest.mean)}, ` +
              `${counted(largest.places.length, "run")} from ${countText(largest.compute[0])} FLOPs (6·N·D) on`,
          ],
        ]
      : []),
    ["objective", `${numberText(objective)} (Huber, δ = ${huberDelta})`],
    ["starts", `${starts.count}: ${starts.converged} converged, ${starts.best} reached the best fit`],
  ];
}

/** Where law and measurement are farthest apart, by line or row of the table. */
function worstRuns({reading, result}: FitReport): string {
  const {predictions, logResiduals, places} = result;
  const worst = Array.from(logResiduals.keys())
    .sort((a, b) => Math.abs(logResiduals[b]) - Math.abs(logResiduals[a]))
    .slice(0, namedRuns);
  const {table, positions, positionNoun} = reading;
  const rows = worst.map((i) => [
    `${positionNoun} ${positions[places[i]]}`,
    ...["parameters", "tokens"].map((name) =>
      table.columns[name] ? countText(table.columns[name][places[i]]) : "",
    ),
    table.columns.loss[places[i]].toFixed(4),
    predictions[i].toFixed(4),
    `${logResiduals[i] < 0 ? "−" : "+"}${(Math.abs(Math.expm1(logResiduals[i])) * 100).toFixed(2)} %`,
  ]);
  return alignColumns([["worst runs", "N", "D", "measured", "law", "off by"], ...rows], {
    right: [1, 2, 3, 4, 5],
  });
}

/** Mean errors on held-out runs, which are the same for all laws, and by how much they exceed that of the best. */
function comparisonTable(comparison: readonly ComparedLaw[]): string {
  const rows = comparison.map(({law, freeConstants, heldOutError, excess, isAmongBest, fit}) => [
    ...[law, String(freeConstants), numberText(heldOutError)],
    excess ? `+${numberText(excess.mean)} ± ${numberText(excess.standardError)}` : "",
    fit.leaveLargestOut ? numberText(fit.leaveLargestOut.rootMeanSquare) : "-",
    ...[numberText(fit.rootMeanSquare), isAmongBest ? "among the best" : ""],
  ]);
  const head = [
    "laws by error",
    "constants",
    "held out, mean",
    "beyond the best",
    "largest, RMS",
    "sample, RMS",
    "",
  ];
  return alignColumns([head, ...rows], {right: [1, 2, 3, 4, 5]});
}

/** To four digits. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = value.toPrecision(4);
  const plain =
    Math.abs(value) >= 1e6 || (Math.abs(value) < 1e-4 && value !== 0)
      ? Number(text).toExponential()
      : String(Number(text));
  return plain.replace("e+", "e");
}
