import type {RunSettings} from "../src/training/run-settings.js";
import {yamlText} from "../src/training/yaml-text.js";
import {copyButton} from "./copy-button.js";
import {elementMaker} from "./element-maker.js";
import {experiments} from "./lab-experiments.js";
import {runInTab, type TrainingWorker} from "./run-in-tab.js";
import {runTitle} from "./run-title.js";
import {saveFile} from "./save-file.js";
import {countText, plannedTokens} from "./sweep-axes.js";
import type {SweepDesk} from "./sweep-desk.js";
import type {SweepIndex, SweepInfo} from "./sweep-info.js";
import type {SweepRun} from "./sweep-run.js";
import {bestRun} from "./sweep-sentences.js";

/** Multiplications and additions, 6 N D, up to which a run is small enough for a tab: a minute or two. */
export const mostOperations = 1e12;

export interface RunDetailsOptions {
  readonly startWorker: () => TrainingWorker;
  readonly document?: Document;
}

/** One run: the run marked last, or the best one; its settings as a file, and whether a tab can repeat it. */
export function runDetails(
  desk: SweepDesk,
  {startWorker, document = globalThis.document}: RunDetailsOptions,
): HTMLElement {
  const make = elementMaker(document);
  const element = make("div", {class: "run-details chart-figure"});
  let shown: SweepRun | undefined;
  desk.subscribe(() => {
    const {info, runs, axes} = desk.sweep();
    const marked = desk.marked().at(-1);
    const run = marked ?? bestRun(desk.shown()) ?? bestRun(runs) ?? runs[0];
    if (run === shown) return;
    shown = run;
    const text = settingsFile(run, info);
    const fileName = `run-${run.id.slice(0, 8)}.yaml`;
    const save = make("button", {type: "button", class: "primary"}, `Download ${fileName}`);
    save.addEventListener("click", () => saveFile(fileName, new Blob([text], {type: "text/yaml"})));
    element.replaceChildren(
      make("h3", {}, `${marked ? "Run" : "The best run shown:"} ${runTitle(run, axes)}`),
      make("p", {}, outcomeText(run)),
      make("pre", {tabindex: 0, "aria-label": "Settings file of the run"}, text),
      make(
        "div",
        {class: "chart-actions"},
        save,
        copyButton("Copy", () => text, {document}),
      ),
      ...inTab(run, desk, startWorker, document),
    );
  }, ["runs", "where", "find"]);
  return element;
}

/** How a run ended, in a sentence or two. */
function outcomeText({parameters, tokens, seconds, loss, aboveFloor, diverged, verdict}: SweepRun): string {
  const size = `${parameters.toLocaleString("en")} parameters, ${tokens.toLocaleString("en")} tokens in ${seconds.toFixed(1)} seconds of one core`;
  if (diverged) return `${size}. It diverged at step ${diverged.step}: ${diverged.reason}.`;
  const above = aboveFloor === null ? "" : `, ${aboveFloor.toFixed(4)} above the floor`;
  const end = verdict === "did not learn" ? " That is no better than at the first step." : "";
  return `${size}. Held-out loss at the end: ${loss!.toFixed(4)} nats per token${above}.${end}`;
}

/** A settings file from which `bitscape train` does the same run. */
export function settingsFile(run: SweepRun, {name, given}: SweepInfo): string {
  const heading = [
    `Bitscape, a run of the sweep ${name}.`,
    `bitscape train run-${run.id.slice(0, 8)}.yaml arrives at weights ${run.weightHash}`,
    `(engine ${run.engine}).`,
  ];
  return [
    ...heading.map((line) => `# ${line}\n`),
    ...given.map((key) => `${key}: ${yamlText(run.settings[key])}\n`),
  ].join("");
}

/** Whether a browser can do the run in a time that one may wait for. */
export const isSmall = (run: SweepRun, {corpora}: Pick<SweepIndex, "corpora">): boolean =>
  Object.hasOwn(corpora, run.settings.corpus) && 6 * run.parameters * plannedTokens(run) <= mostOperations;

/** The page `lab` with the settings of a run. */
export function labAddress({settings}: SweepRun, {given}: Pick<SweepInfo, "given">): string {
  // The lab opens with settings of its own, each of which has to be named.
  const own = Object.keys(experiments[0].a) as (keyof RunSettings)[];
  const query = new URLSearchParams({compare: "no"});
  for (const key of new Set([...given, ...own])) query.set(key, String(settings[key]));
  return `./lab?${query}`;
}

function inTab(
  run: SweepRun,
  {index, sweep}: SweepDesk,
  startWorker: () => TrainingWorker,
  document: Document,
): Node[] {
  const make = elementMaker(document);
  const rule = `A tab can repeat runs on generated text of up to 10¹² multiplications and additions (6 N D), which take a minute or two.`;
  if (!isSmall(run, index)) {
    const operations = 6 * run.parameters * plannedTokens(run);
    const why = Object.hasOwn(index.corpora, run.settings.corpus)
      ? `This one takes ${countText(operations)}`
      : `This one reads ${run.settings.corpus}`;
    return [make("p", {class: "in-tab-rule"}, `${rule} ${why}: train it on the command line.`)];
  }
  const link = make("a", {href: labAddress(run, sweep().info)}, "Open it in the lab");
  const recorded = {
    ...{id: run.id, engine: run.engine, settings: run.settings, parameters: run.parameters},
    ...{weightHash: run.weightHash, curve: run.curve, corpus: index.corpora[run.settings.corpus]},
  };
  return [
    make("p", {class: "in-tab-rule"}, rule, " ", link, " to change something first, or train it here:"),
    runInTab(recorded, {startWorker, document}),
  ];
}
