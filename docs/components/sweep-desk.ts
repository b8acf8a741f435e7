import type {PageState} from "./page-state.js";
import {type RateSearch, rateSearches, ratesOfCells} from "./rate-searches.js";
import {pooledSpread, type Replicates, replicatesOf} from "./replicates.js";
import {filteredRuns, filterText, parseFilter, type RunFilter} from "./run-filter.js";
import {rateKey, type SweepAxis, seedKey, sweepAxes} from "./sweep-axes.js";
import {type SweepChoices, untouched} from "./sweep-choices.js";
import type {SweepIndex, SweepInfo, SweepRow} from "./sweep-info.js";
import {type SweepRun, sweepRuns} from "./sweep-run.js";

/** A sweep that was read, with what follows from its runs. */
export interface Sweep {
  readonly info: SweepInfo;
  readonly runs: readonly SweepRun[];
  readonly axes: readonly SweepAxis[];
  readonly replicates: readonly Replicates[];
  /** Standard deviation of a final loss over seeds; NaN where there are no replicates. */
  readonly spread: number;
  readonly searches: readonly RateSearch[];
}

/** What all parts of the page share. */
export interface SweepDesk {
  readonly state: PageState<SweepChoices>;
  readonly index: SweepIndex;
  /** The sweep that is shown: the chosen one, once it has been read. */
  readonly sweep: () => Sweep;
  /** Why the chosen sweep could not be read; empty otherwise. */
  readonly problem: () => string;
  readonly filter: () => RunFilter;
  /** The runs that the filter lets through. */
  readonly shown: () => readonly SweepRun[];
  /** The marked runs, the last one that was marked at the end. */
  readonly marked: () => readonly SweepRun[];
  readonly setFilter: (filter: RunFilter) => void;
  readonly toggleMark: (run: SweepRun) => void;
  /** The axis that gives the colours; none where the runs differ in nothing but their seeds. */
  readonly colorAxis: () => SweepAxis | undefined;
  /** The axis whose values are compared, and the value that they are compared with. */
  readonly comparison: () => {readonly axis: SweepAxis; readonly reference: string} | undefined;
  /** Calls the listener now, after every change of the named choices, and whenever another sweep is shown. */
  readonly subscribe: (listener: () => void, names: readonly (keyof SweepChoices)[]) => void;
}

export interface SweepDeskOptions {
  readonly state: PageState<SweepChoices>;
  readonly index: SweepIndex;
  /** The sweep that is shown first. */
  readonly first: readonly SweepRow[];
  readonly load: (name: string) => Promise<readonly SweepRow[]>;
}

/** Runs that can be marked at once. */
export const mostMarked = 6;

export function sweepDesk({state, index, first, load}: SweepDeskOptions): SweepDesk {
  const infoOf = (name: string) => index.sweeps.find((info) => info.name === name)!;
  const listeners: (() => void)[] = [];
  let sweep = readSweep(infoOf(state.get().sweep), first);
  let problem = "";
  let filtered: {key: string; runs: readonly SweepRun[]} | undefined;

  const isShown = () => sweep.info.name === state.get().sweep;
  const show = (next: Sweep) => {
    sweep = next;
    filtered = undefined;
    for (const listener of listeners) listener();
  };
  state.subscribe(
    async ({sweep: name}) => {
      if (isShown()) return;
      state.set(untouched);
      try {
        const rows = await load(name);
        if (state.get().sweep !== name) return;
        problem = "";
        show(readSweep(infoOf(name), rows));
      } catch (error) {
        problem = (error as Error).message;
        for (const listener of listeners) listener();
      }
    },
    ["sweep"],
  );

  const filter = () => parseFilter(state.get().where, state.get().find, sweep.axes);
  const shown = () => {
    const key = `${sweep.info.name} ${state.get().where} ${state.get().find}`;
    if (filtered?.key !== key) filtered = {key, runs: filteredRuns(sweep.runs, filter(), sweep.axes)};
    return filtered.runs;
  };
  const marked = () => {
    const byName = new Map(sweep.runs.map((run) => [run.name, run]));
    return state
      .get()
      .runs.split(",")
      .flatMap((name) => byName.get(name) ?? []);
  };
  const settingAxes = () => sweep.axes.filter(({key}) => key !== seedKey);
  return {
    ...{state, index, filter, shown, marked},
    sweep: () => sweep,
    problem: () => problem,
    setFilter: (next) => state.set({where: filterText(next), find: next.text, page: "1"}),
    toggleMark(run) {
      const others = marked().filter(({name}) => name !== run.name);
      const next = others.length < marked().length ? others : [...others.slice(1 - mostMarked), run];
      state.set({runs: next.map(({name}) => name).join(",")});
    },
    colorAxis: () =>
      settingAxes().find(({key}) => key === state.get().by) ?? mostTelling(sweep, settingAxes()),
    comparison() {
      const possible = settingAxes().filter(({key}) => key !== rateKey);
      const axis = possible.find(({key}) => key === state.get().axis) ?? mostCompared(sweep, possible);
      const wanted = state.get().reference;
      return axis && {axis, reference: axis.values.includes(wanted) ? wanted : axis.values[0]};
    },
    subscribe(listener, names) {
      listeners.push(listener);
      state.subscribe(() => {
        if (isShown()) listener();
      }, names);
    },
  };
}

function readSweep(info: SweepInfo, rows: readonly SweepRow[]): Sweep {
  const runs = sweepRuns(rows, info);
  const axes = sweepAxes(runs, info.differing);
  const replicates = replicatesOf(runs);
  return {
    ...{info, runs, axes, replicates},
    spread: pooledSpread(replicates),
    searches: rateSearches(
      runs.filter(({afterTraining}) => !afterTraining),
      axes,
    ),
  };
}

/** The axis with the most pairs of runs that differ in it alone, one of words if there is any. */
function mostCompared({runs}: Sweep, axes: readonly SweepAxis[]): SweepAxis | undefined {
  const pairs = (axis: SweepAxis) => {
    const contexts = ratesOfCells(
      runs,
      axes.filter((other) => other !== axis),
    ).length;
    return ratesOfCells(runs, axes).length - contexts;
  };
  const words = axes.filter(({isNumeric}) => !isNumeric);
  return [...(words.some(pairs) ? words : axes)].sort((a, b) => pairs(b) - pairs(a))[0];
}

/** Values that can be told apart by colour. */
const mostColors = 8;

/** The axis whose colours say most of a run: of those with few values, the one with the largest entropy. */
function mostTelling({runs}: Sweep, axes: readonly SweepAxis[]): SweepAxis | undefined {
  const entropy = ({values, textOf, key}: SweepAxis) => {
    if (values.length > mostColors || key === rateKey) return -1;
    const shares = values.map((value) => runs.filter((run) => textOf(run) === value).length / runs.length);
    return shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
  };
  return [...axes].sort((a, b) => entropy(b) - entropy(a))[0];
}
