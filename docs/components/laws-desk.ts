import type {FitOptions, FitResult} from "../src/laws/fit.js";
import {lawOf} from "../src/laws/index.js";
import type {Law} from "../src/laws/law.js";
import {pageOptions} from "../src/laws/page-options.js";
import type {RunTable} from "../src/laws/run-table.js";
import {type EditHistory, edited, newHistory, redone, undone} from "./edit-history.js";
import type {LawsChoices} from "./laws-choices.js";
import type {PageState} from "./page-state.js";
import {rowListText, rowsOfList} from "./row-list.js";
import {Stopped, type TaskRunner} from "./task-runner.js";

/** A table of runs that laws can be fitted to. */
export interface LawTable {
  /** In the address; empty for the reader's own. */
  readonly name: string;
  readonly title: string;
  /** What it is and where it comes from, in sentences. */
  readonly about: string;
  readonly runs: RunTable;
  /** What a row is called, from 0. */
  readonly labelOf: (row: number) => string;
  /** Rows that are left out to begin with, and why. */
  readonly dropped: readonly number[];
  readonly whyDropped: string;
  /** Name of the law that it is shown with. */
  readonly law: string;
  /** Names of laws that fit to it. */
  readonly laws: readonly string[];
  /** Whose published constants were fitted to the same runs. */
  readonly published?: string;
}

/** What the fit that is shown is, or what becomes of the one to come. */
type FitStatus =
  | {readonly kind: "recorded" | "fitted"}
  | {readonly kind: "fitting"; readonly done: number; readonly of: number; readonly secondsLeft?: number}
  | {readonly kind: "stopped"}
  | {readonly kind: "failed"; readonly message: string}
  /** Nothing has been asked for. */
  | {readonly kind: "waiting"};

/** A fit with what it was made of. */
export interface ShownFit {
  readonly key: string;
  readonly table: LawTable;
  readonly law: Law;
  readonly dropped: ReadonlySet<number>;
  readonly options: FitOptions;
  readonly result: FitResult;
  /** Milliseconds that it took here; undefined for a recorded one. */
  readonly milliseconds?: number;
}

/** What all parts of the page share. */
export interface LawsDesk {
  readonly state: PageState<LawsChoices>;
  readonly tables: readonly LawTable[];
  readonly table: () => LawTable;
  readonly law: () => Law;
  /** Rows that the next fit leaves out. */
  readonly dropped: () => ReadonlySet<number>;
  readonly options: () => FitOptions;
  /** The fit of the chosen table and law that is shown, which may be older than what was dropped last. */
  readonly shown: () => ShownFit | undefined;
  /** The one that was shown before it, of the same table and law. */
  readonly before: () => ShownFit | undefined;
  readonly status: () => FitStatus;
  /** Shows another table as it begins: one of `tables` by its name, or the reader's own. */
  readonly choose: (table: string | LawTable) => void;
  /** Drops the rows, or restores them where all of them are dropped. */
  readonly toggle: (rows: readonly number[]) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly restore: () => void;
  readonly can: () => {readonly undo: boolean; readonly redo: boolean; readonly restore: boolean};
  readonly fit: () => void;
  readonly stop: () => void;
  /** Calls the listener now, and after every change of the table, the law, what is dropped or the fit. */
  readonly subscribe: (listener: () => void) => void;
}

interface LawsDeskOptions {
  readonly state: PageState<LawsChoices>;
  readonly tables: readonly LawTable[];
  /** Fits of tables as they begin, made when the site was built. */
  readonly recorded: readonly {readonly table: string; readonly law: string; readonly result: FitResult}[];
  readonly runner: TaskRunner;
  /** Whether a fit may start by itself. */
  readonly isVisible: () => boolean;
  readonly now?: () => number;
}

/** Results that are kept, so that going back needs no fit. */
const mostKept = 40;

export function lawsDesk({
  state,
  tables,
  recorded,
  runner,
  isVisible,
  now = () => performance.now(),
}: LawsDeskOptions): LawsDesk {
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const kept = new Map<string, ShownFit>();
  let own: LawTable | undefined;
  let ownDrop = "";
  let history: EditHistory<string> = newHistory(state.get().drop);
  let shown: ShownFit | undefined;
  let before: ShownFit | undefined;
  let status: FitStatus = {kind: "waiting"};

  const table = () => own ?? tables.find(({name}) => name === state.get().table)!;
  const law = () => {
    const wanted = state.get().law;
    return lawOf(table().laws.includes(wanted) ? wanted : table().law);
  };
  const dropText = () => (own ? ownDrop : state.get().drop);
  const dropped = () => {
    const {dropped, runs} = table();
    const rows = new Set(dropped);
    for (const place of rowsOfList(dropText(), runs.rows)) {
      const row = place - 1;
      if (!rows.delete(row)) rows.add(row);
    }
    return rows;
  };
  const options = () => fitOptions(state.get(), law(), {rows: table().runs.rows, dropped: dropped()});
  const keyOf = () =>
    JSON.stringify([
      own ? own.title : table().name,
      law().name,
      dropText(),
      state.get().delta,
      state.get().tied,
    ]);
  const recordedFit = (): ShownFit | undefined => {
    const isAsRecorded =
      !own && dropText() === "" && state.get().delta === "0.001" && state.get().tied === "";
    const found =
      isAsRecorded && recorded.find((fit) => fit.table === table().name && fit.law === law().name);
    return found ? {...made(), result: found.result} : undefined;
  };
  const made = () => ({key: keyOf(), table: table(), law: law(), dropped: dropped(), options: options()});

  const show = (next: ShownFit) => {
    if (shown && shown.key !== next.key)
      before = shown.table === next.table && shown.law === next.law ? shown : undefined;
    shown = next;
    status = {kind: next.milliseconds === undefined ? "recorded" : "fitted"};
    kept.delete(next.key);
    kept.set(next.key, next);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  };
  const refit = async () => {
    const making = made();
    const start = now();
    status = {kind: "fitting", done: 0, of: 0};
    tell();
    try {
      const {rows, columns} = making.table.runs;
      const result = await runner.run(
        {type: "fit", law: making.law.name, table: {rows, columns}, options: making.options},
        (done, of) => {
          const secondsLeft = (((now() - start) / 1000) * (of - done)) / done;
          status = {kind: "fitting", done, of, secondsLeft};
          tell();
        },
      );
      show({...making, result, milliseconds: now() - start});
    } catch (error) {
      if (making.key !== keyOf()) return;
      status =
        error instanceof Stopped ? {kind: "stopped"} : {kind: "failed", message: (error as Error).message};
    }
    tell();
  };
  /** Shows what is known of what is chosen, or begins to find it out. */
  const follow = () => {
    if (shown && (shown.table !== table() || shown.law !== law())) {
      shown = undefined;
      before = undefined;
    }
    const known = kept.get(keyOf()) ?? recordedFit();
    if (known && known.table === table()) {
      runner.stop();
      show(known);
      tell();
    } else if (isVisible()) refit();
    else {
      status = {kind: "waiting"};
      tell();
    }
  };
  const setDrop = (next: EditHistory<string>) => {
    history = next;
    if (!own) return state.set({drop: next.present});
    ownDrop = next.present;
    follow();
  };
  // Several choices that change together are followed once.
  let isHeld = false;
  state.subscribe(() => {
    if (!isHeld) follow();
  }, ["table", "law", "drop", "delta", "tied"]);
  return {
    ...{state, tables, table, law, dropped, options, fit: refit},
    shown: () => shown,
    before: () => before,
    status: () => status,
    choose(next) {
      own = typeof next === "string" ? undefined : next;
      ownDrop = "";
      history = newHistory("");
      isHeld = true;
      state.set({law: "", drop: "", point: "", ...(typeof next === "string" ? {table: next} : {})});
      isHeld = false;
      follow();
    },
    toggle(rows) {
      const now = dropped();
      const isRestored = rows.every((row) => now.has(row));
      const changed = new Set(rowsOfList(dropText(), table().runs.rows));
      for (const row of rows) {
        if (now.has(row) !== isRestored) continue;
        if (!changed.delete(row + 1)) changed.add(row + 1);
      }
      setDrop(edited(history, rowListText(changed)));
    },
    undo: () => setDrop(undone(history)),
    redo: () => setDrop(redone(history)),
    restore: () => setDrop(edited(history, "")),
    can: () => ({
      undo: history.past.length > 0,
      redo: history.future.length > 0,
      restore: dropText() !== "",
    }),
    stop: () => runner.stop(),
    subscribe(listener) {
      listeners.push(listener);
      listener();
    },
  };
}

/** Whether the law has exponents of N and D that may be held equal. */
export const canTie = ({constants}: Law): boolean =>
  exponents.every((name) => constants.some((constant) => constant.name === name));

const exponents = ["alpha", "beta"];

/** Groups of constants that are held equal: those of the law, unless the reader wants it otherwise. */
function tiesOf({tied}: {tied: string}, law: Law): FitOptions["tied"] {
  if (tied === "" || !canTie(law)) return law.tied;
  const others = (law.tied ?? []).filter((group) => !group.includes("alpha"));
  return tied === "yes" ? [...others, exponents] : others;
}

function fitOptions(
  {delta, tied}: {delta: string; tied: string},
  law: Law,
  {rows, dropped}: {rows: number; dropped: ReadonlySet<number>},
): FitOptions {
  return {
    ...pageOptions(
      law,
      rows,
      [...dropped].sort((a, b) => a - b),
    ),
    huberDelta: delta === "none" ? Number.POSITIVE_INFINITY : Number(delta),
    tied: tiesOf({tied}, law),
  };
}
