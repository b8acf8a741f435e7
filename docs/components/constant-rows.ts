import type {Estimate} from "../src/laws/fit.js";
import type {Law, PublishedConstants} from "../src/laws/law.js";
import {constantsOf} from "../src/laws/law.js";
import type {ConstantRow, PublishedValue} from "./constants-chart.js";
import type {ShownFit} from "./laws-desk.js";

/** The constants of a fit and what follows from them, beside those of the fit before and those that were published. */
export function constantRows(fit: ShownFit, before?: ShownFit): ConstantRow[] {
  const {law, result, table} = fit;
  const earlier = new Map(
    [...(before?.result.constants ?? []), ...(before?.result.derived ?? [])].map(({name, value}) => [
      name,
      value,
    ]),
  );
  const rowOf = (
    estimate: Estimate,
    scale: "log" | "linear",
    valueIn: (values: PublishedConstants) => PublishedValue[],
  ) => ({
    ...{name: estimate.name, symbol: estimate.symbol, scale, value: estimate.value},
    interval: estimate.identified && !estimate.fixed ? estimate.interval : null,
    before: earlier.get(estimate.name),
    published: law.published.flatMap(valueIn),
    note: noteOf(estimate),
  });
  const isSame = ({name}: PublishedConstants) => name === table.published;
  return [
    ...result.constants.map((estimate) => {
      const constant = law.constants.find(({name}) => name === estimate.name)!;
      const scale = constant.positive && constant.upper / constant.lower > manyOrders ? "log" : "linear";
      return rowOf(estimate, scale, (published) => {
        const value = published.values[estimate.name];
        if (value === undefined) return [];
        const error = published.standardErrors?.[estimate.name];
        const interval = error === undefined ? null : intervalAround(value, error, scale);
        return [{name: published.name, value, interval, isSameData: isSame(published)}];
      });
    }),
    ...result.derived.map((estimate) =>
      rowOf(estimate, "linear", (published) => {
        const value = derivedValue(law, published, estimate.name);
        return value === undefined
          ? []
          : [{name: published.name, value, interval: null, isSameData: isSame(published)}];
      }),
    ),
  ];
}

/** Of the bounds of constants whose size is not known beforehand; those of exponents and rates lie closer together. */
const manyOrders = 1e10;

/** Two standard errors to either side; for a constant that is drawn by its logarithm, of the logarithm. */
function intervalAround(value: number, error: number, scale: "log" | "linear"): readonly [number, number] {
  if (scale === "linear") return [value - 1.96 * error, value + 1.96 * error];
  const factor = Math.exp((1.96 * error) / value);
  return [value / factor, value * factor];
}

function derivedValue(
  law: Law,
  {values, unpublished = []}: PublishedConstants,
  name: string,
): number | undefined {
  if (unpublished.length > 0) return undefined;
  const value = law.derived.find((derived) => derived.name === name)?.of(constantsOf(law, values));
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function noteOf({identified, atBound, fixed}: Estimate): string {
  if (fixed) return "held fixed";
  if (!identified) return "not identified";
  return atBound ? "at its bound" : "";
}
