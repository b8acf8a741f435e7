import type {SweepAxis} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** Measures of a run that can be filtered by range. */
export const measures = {
  loss: {label: "held-out loss", measureOf: (run: SweepRun) => run.loss},
  above: {label: "above the floor", measureOf: (run: SweepRun) => run.aboveFloor},
  seconds: {label: "seconds", measureOf: (run: SweepRun) => run.seconds},
} as const;

export type MeasureName = keyof typeof measures;

/** Ends of a range; null is open. */
export type Range = readonly [low: number | null, high: number | null];

/** Which runs are shown: those with one of the values of each named axis, in each range, and with all words of the text. */
export interface RunFilter {
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly ranges: Readonly<Partial<Record<MeasureName, Range>>>;
  readonly text: string;
}

export const noFilter: RunFilter = {values: {}, ranges: {}, text: ""};

/**
 * A filter as the address holds it, without its text: `recipe:fp8|nvfp4;loss:1.2..1.5`. Within a value the signs of the
 * notation have a backslash before them.
 */
export function filterText({values, ranges}: RunFilter): string {
  return [
    ...Object.entries(values).map(([key, list]) => `${key}:${list.map(escaped).join("|")}`),
    ...Object.entries(ranges).map(([key, [low, high]]) => `${key}:${low ?? ""}..${high ?? ""}`),
  ].join(";");
}

/** What a text from an address means for these axes; parts that mean nothing are left out. */
export function parseFilter(where: string, text: string, axes: readonly SweepAxis[]): RunFilter {
  const values: Record<string, readonly string[]> = {};
  const ranges: Partial<Record<MeasureName, Range>> = {};
  for (const part of split(where, ";")) {
    const [, key, list] = /^([^:]*):(.*)$/s.exec(part) ?? [];
    const axis = axes.find((candidate) => candidate.key === key);
    const range = /^(-?[\d.e+-]*?)\.\.(-?[\d.e+-]*)$/.exec(list ?? "");
    if (axis) {
      const known = split(list, "|")
        .map(unescaped)
        .filter((value) => axis.values.includes(value));
      if (known.length > 0) values[key] = known;
    } else if (key !== undefined && Object.hasOwn(measures, key) && range) {
      ranges[key as MeasureName] = [endOf(range[1]), endOf(range[2])];
    }
  }
  return {values, ranges, text};
}

/** The runs that a filter lets through, in their order. */
export function filteredRuns(
  runs: readonly SweepRun[],
  filter: RunFilter,
  axes: readonly SweepAxis[],
): SweepRun[] {
  const tests: ((run: SweepRun) => boolean)[] = [];
  for (const axis of axes) {
    if (!filter.values[axis.key]) continue;
    const wanted = new Set(filter.values[axis.key]);
    tests.push((run) => wanted.has(axis.textOf(run)));
  }
  for (const [name, [low, high]] of Object.entries(filter.ranges)) {
    const {measureOf} = measures[name as MeasureName];
    tests.push((run) => {
      const value = measureOf(run);
      return value !== null && (low === null || value >= low) && (high === null || value <= high);
    });
  }
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) {
    tests.push((run) => {
      const text = runText(run, axes);
      return words.every((word) => text.includes(word));
    });
  }
  return tests.length === 0 ? [...runs] : runs.filter((run) => tests.every((test) => test(run)));
}

/** What a search looks at: `recipe=fp8 seed=1 diverged …`. */
const runText = (run: SweepRun, axes: readonly SweepAxis[]): string =>
  [
    ...axes.map(({key, textOf}) => `${key}=${textOf(run)}`),
    run.verdict,
    run.diverged?.reason ?? "",
    run.name,
    run.id,
  ]
    .join(" ")
    .toLowerCase();

const escaped = (value: string): string => value.replace(/[\\;|]/g, "\\$&");
const unescaped = (value: string): string => value.replace(/\\(.)/gs, "$1");

/** Parts of a text between signs that no backslash stands before. */
function split(text: string, sign: string): string[] {
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") parts[parts.length - 1] += text[i] + (text[++i] ?? "");
    else if (text[i] === sign) parts.push("");
    else parts[parts.length - 1] += text[i];
  }
  return parts.filter(Boolean);
}

function endOf(text: string): number | null {
  return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}
