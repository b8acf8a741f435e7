import type {CorpusDeclaration} from "../src/training/corpora/declarations.js";
import type {RefusalQuestion, RunRefusal} from "../src/training/run-refusal.js";
import type {RunSettings} from "../src/training/run-settings.js";
import type {CheckedSettings, SettingsForm, SettingTexts} from "../src/training/settings-form.js";
import {type Bench, createBench, type LabRun, type RecordedRun} from "./lab-bench.js";
import {experiments} from "./lab-experiments.js";
import {type LabField, labFields} from "./lab-fields.js";
import type {ShownRun} from "./lab-loss-chart.js";
import {labRefusals} from "./lab-refusals.js";
import {inB, type LabState, labChoices, type RunName, runTexts} from "./lab-state.js";
import {runEstimate, runStatus} from "./lab-status.js";
import {runTitles} from "./lab-titles.js";
import {type TransportRun, waiting} from "./lab-transport.js";
import {ownTexts} from "./own-texts.js";
import {pageState} from "./page-state.js";
import type {TrainingWorker} from "./run-in-tab.js";
import {runSeconds} from "./run-seconds.js";

/** What `loaders/lab.json` holds. */
export interface LabData {
  readonly runs: readonly RecordedRun[];
  readonly corpora: Readonly<
    Record<string, {readonly declaration: CorpusDeclaration; readonly checksum: string}>
  >;
}

export interface LabDeskOptions {
  /** The module `src/training/settings-form.ts`. */
  readonly settings: typeof import("../src/training/settings-form.js");
  readonly startWorker: () => TrainingWorker;
  /** A worker of `src/training/refusal-worker.ts`. */
  readonly startRefusalWorker: () => TrainingWorker;
  readonly window: Window;
}

/** What the settings of the state mean. */
export interface LabView {
  readonly names: readonly RunName[];
  readonly texts: Readonly<Record<RunName, Readonly<Record<string, string>>>>;
  readonly checked: Readonly<Record<RunName, CheckedSettings>>;
  readonly titles: Readonly<Record<RunName, string>>;
}

/** What all parts of the page share: the settings of two runs, and the bench where runs are trained. */
export interface LabDesk {
  readonly state: LabState;
  readonly bench: Bench;
  readonly form: SettingsForm;
  readonly fields: readonly LabField[];
  readonly texts: ReturnType<typeof ownTexts>;
  readonly view: () => LabView;
  /** Calls the listener now, and after every change of the settings, of a run, or of what is known to be impossible. */
  readonly subscribe: (listener: () => void) => void;
  /** Whether the settings of all runs mean something. */
  readonly isPossible: () => boolean;
  /** The step that the charts show; null is the latest. */
  readonly at: () => number | null;
  readonly resultOf: (name: RunName) => LabRun | undefined;
  /** The runs that have something to show. */
  readonly shownRuns: () => ShownRun[];
  readonly transportRuns: () => TransportRun[];
  /** Seconds that the runs without a result would take, the longest of them. */
  readonly secondsAhead: () => number;
  /** Trains the runs without a result, or all if there is none; `steps` of their steps, or all. */
  readonly train: (steps?: number) => void;
}

/** What is said where results would be. */
export const impossibleSentence = "These settings are impossible: the lines under Train say why.";

/** Seconds of work from which the speed of a run says how fast this tab is. */
const shortestMeasurement = 0.2;

export function labDesk(
  {runs: recorded, corpora}: LabData,
  {settings: {settingsForm, textChecksum}, startWorker, startRefusalWorker, window}: LabDeskOptions,
): LabDesk {
  const texts = ownTexts(corpora, textChecksum);
  const form = settingsForm(texts.checksum);
  const fields = labFields(form.fields, form.recipes);
  const state: LabState = pageState(labChoices(form.fields, experiments[0]), window);
  const bench = createBench({recorded, startWorker, corpusOf: texts.source});
  const refusals = labRefusals({startWorker: startRefusalWorker, clock: window});
  let view = readView();
  const settingNames = form.fields.flatMap(({key}) => [key, inB(key)]);
  state.subscribe(() => {
    view = readView();
    refusals.ask(view.names.flatMap(refusalQuestions));
  }, [...settingNames, "compare"]);
  refusals.subscribe(() => {
    view = readView();
  });

  function readView(): LabView {
    const current = state.get();
    const isCompared = current.compare === "yes";
    const [a, b] = [runTexts(current, form.fields, "a"), runTexts(current, form.fields, "b")];
    return {
      names: isCompared ? ["a", "b"] : ["a"],
      texts: {a, b},
      checked: {a: check(a), b: check(b)},
      titles: runTitles(isCompared ? {a, b} : {a, b: a}, fields),
    };
  }
  function check(own: SettingTexts): CheckedSettings {
    const checked = form.check(own);
    const refusal = checked.settings && refusals.of(checked.settings);
    if (!refusal) return checked;
    return {settings: undefined, errors: {[refusal.key ?? ""]: refusalText(refusal, fields)}};
  }
  /** Of a run without a result, since one that has begun is possible. */
  function refusalQuestions(name: RunName): RefusalQuestion[] {
    const {settings} = view.checked[name];
    return settings && !bench.result(settings) ? [{settings, corpus: texts.unread(settings)}] : [];
  }
  const resultOf = (name: RunName) => {
    const {settings} = view.checked[name];
    return settings && bench.result(settings);
  };
  const recordedBehind = (run: LabRun) => (run.origin === "tab" ? bench.recorded(run.settings) : undefined);

  // By a run of this tab, else by those of the computer that recorded.
  let pace = {pace: recordedPace(recorded), isMeasured: false};
  const measurePace = () => {
    for (const name of view.names) {
      const run = resultOf(name);
      if (run?.origin !== "tab" || !run.parameters || run.seconds < shortestMeasurement) continue;
      const done = run.step / run.settings.steps;
      const expected = done * runSeconds({...run, parameters: run.parameters});
      pace = {pace: run.seconds / expected, isMeasured: true};
    }
  };
  // Other settings may follow before anyone asks.
  bench.subscribe(measurePace);
  const estimate = (settings: RunSettings) => {
    const parameters = form.countParameters(settings, texts.vocabularySize(settings));
    return runEstimate({settings, parameters}, pace);
  };
  const statusOf = (name: RunName) => {
    const {settings, errors} = view.checked[name];
    if (!settings) return impossibleText(errors, fields);
    const run = bench.result(settings);
    return run ? runStatus(run, recordedBehind(run)) : estimate(settings).text;
  };
  const transportRuns = (): TransportRun[] =>
    view.names.map((name) => ({
      ...{name, title: view.titles[name], run: resultOf(name), status: statusOf(name)},
      isPossible: view.checked[name].settings !== undefined,
      isMarked: fields.some(({key}) => key in view.checked[name].errors),
    }));
  return {
    ...{state, bench, form, fields, texts, resultOf, transportRuns},
    view: () => view,
    subscribe(listener) {
      state.subscribe(listener);
      bench.subscribe(listener);
      refusals.subscribe(listener);
    },
    isPossible: () => view.names.every((name) => view.checked[name].settings),
    at: () => (state.get().at === "latest" ? null : Number(state.get().at)),
    shownRuns: () =>
      view.names.flatMap((name) => {
        const run = resultOf(name);
        return run ? [{name, title: view.titles[name], run, recorded: recordedBehind(run)}] : [];
      }),
    secondsAhead: () =>
      Math.max(
        0,
        ...view.names.flatMap((name) => {
          const {settings} = view.checked[name];
          return settings && !resultOf(name) ? [estimate(settings).seconds] : [];
        }),
      ),
    train(steps) {
      const runs = waiting(transportRuns());
      if (runs.some(({isPossible}) => !isPossible)) return;
      state.set({at: "latest"});
      bench.start(
        runs.map(({name}) => view.checked[name].settings!),
        steps,
      );
    },
  };
}

/** How many times as long as expected the recorded runs took, by the median of those that did all their steps. */
function recordedPace(recorded: readonly RecordedRun[]): number {
  const paces = recorded
    .filter(({diverged}) => !diverged)
    .map((run) => run.timing.seconds / runSeconds(run))
    .sort((a, b) => a - b);
  return paces[Math.floor(paces.length / 2)] ?? 1;
}

/** Without the setting beside which it stands, and with that of which it tells as the form names it. */
function refusalText({key, message}: RunRefusal, fields: readonly LabField[]): string {
  const [, named, reason] = /^(\w+): (.*)$/s.exec(message) ?? [];
  if (named === undefined) return message;
  const label = fields.find((field) => field.key === named)?.label;
  return named === key ? reason : label ? `${label}: ${reason}` : message;
}

/** Characters that a line on a run has room for; what is known of a setting can be a long list. */
const longestMessage = 120;

function impossibleText(errors: CheckedSettings["errors"], fields: readonly LabField[]): string {
  const [[key, message]] = Object.entries(errors);
  if (key === "") return `Impossible: ${message}.`;
  const label = fields.find((field) => field.key === key)?.label ?? key;
  return message.length > longestMessage
    ? `Impossible: “${label}” says why.`
    : `Impossible: ${label}: ${message}.`;
}
