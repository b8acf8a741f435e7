import type {RunReport, RunRequest} from "../src/training/browser-worker.js";
import {elementMaker} from "./element-maker.js";
import {hashVerdict} from "./hash-verdict.js";
import {recipeTitle} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {tabChart} from "./tab-chart.js";
import {type LossPoint, lossCurve, type RepeatableRun} from "./tab-run.js";

/** What of a worker is needed. */
export type TrainingWorker = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

export interface RunInTabOptions {
  /** Called on each start, so that nothing is loaded before. */
  readonly startWorker: () => TrainingWorker;
  readonly document?: Document;
}

/**
 * Repeats a recorded run in the reader's browser, with the same WASM in a worker, and compares the hashes of the weights.
 * Nothing runs before the button is pressed.
 */
export function runInTab(
  recorded: RepeatableRun,
  {startWorker, document = globalThis.document}: RunInTabOptions,
): HTMLElement {
  const make = elementMaker(document);
  const {settings} = recorded;
  const button = make("button", {type: "button", class: "primary"}, "Train in this tab");
  const progress = make("progress", {max: settings.steps, value: 0, "aria-label": "Steps done"});
  const numbers = make("p", {class: "run-numbers"}, description(recorded));
  const verdict = make("div", {class: "run-verdict", role: "status"});
  const canvas = make("div", {class: "chart-canvas"});
  const window = document.defaultView!;
  let worker: TrainingWorker | undefined;
  let live: LossPoint[] = [];
  let frame = 0;

  const draw = () => {
    frame = 0;
    if (canvas.clientWidth > 0) {
      canvas.replaceChildren(tabChart(recorded.curve, {live, width: canvas.clientWidth, document}));
    }
  };
  // However fast the worker reports, the chart is drawn at most once per frame.
  const drawSoon = () => {
    if (frame === 0) frame = window.requestAnimationFrame(draw);
  };
  new window.ResizeObserver(drawSoon).observe(canvas);

  const stop = () => {
    worker?.terminate();
    worker = undefined;
    button.textContent = "Train in this tab";
  };
  const fail = (message: string) => {
    stop();
    verdict.replaceChildren(make("p", {}, `The run failed: ${message}`));
  };
  const receive = (report: RunReport) => {
    if (report.type === "started") return;
    if (report.type === "error") return fail(report.message);
    if (report.type === "news") {
      const before = live.length;
      live.push(...report.losses.map((loss, i) => ({step: before + i + 1, loss})));
      progress.value = report.step;
      numbers.textContent = progressText(recorded, {...report, loss: live.at(-1)?.loss ?? Number.NaN});
      return drawSoon();
    }
    const {record} = report;
    stop();
    live = lossCurve(record.trainingLoss);
    progress.value = settings.steps;
    numbers.textContent = `${record.tokens.toLocaleString("en")} tokens in ${record.timing.seconds.toFixed(1)} seconds, ${Math.round(record.timing.tokensPerSecond).toLocaleString("en")} per second.`;
    const {agrees, text} = hashVerdict(recorded, record);
    verdict.dataset.agrees = String(agrees);
    verdict.replaceChildren(
      make("p", {}, make("strong", {}, agrees ? "✓ " : "✗ "), text),
      hashList(make, {"this tab": record.weightHash, recorded: recorded.weightHash}),
    );
    drawSoon();
  };
  const start = () => {
    live = [];
    progress.value = 0;
    verdict.replaceChildren();
    delete verdict.dataset.agrees;
    button.textContent = "Cancel";
    numbers.textContent = "Starting the worker.";
    worker = startWorker();
    worker.onmessage = ({data}: MessageEvent<RunReport>) => receive(data);
    worker.onerror = (event) => fail(event.message || "the worker could not be started");
    worker.postMessage({type: "start", settings, corpus: recorded.corpus} satisfies RunRequest);
    drawSoon();
  };
  button.addEventListener("click", () => {
    if (!worker) return start();
    stop();
    numbers.textContent = `Cancelled after ${progress.value} of ${settings.steps} steps.`;
  });

  return make(
    "figure",
    {class: "chart-figure run-in-tab"},
    make("div", {class: "run-controls"}, button, progress),
    numbers,
    canvas,
    verdict,
    make(
      "p",
      {class: "chart-source"},
      `Recorded run ${recorded.id.slice(0, 12)}. Engine ${recorded.engine}.`,
    ),
  );
}

function description({settings, parameters}: RepeatableRun): string {
  const {scheme, recipe, steps, batch, context} = settings;
  const tokens = steps * batch * context;
  return `${schemeTitle(scheme)}, ${recipeTitle(recipe)}: ${parameters.toLocaleString("en")} parameters, ${steps.toLocaleString("en")} steps, ${tokens.toLocaleString("en")} tokens.`;
}

function progressText(
  {settings: {steps, batch, context}}: RepeatableRun,
  {step, seconds: spent, loss}: LossPoint & {readonly seconds: number},
) {
  const tokensPerSecond = (step * batch * context) / spent;
  const seconds = Math.ceil(((steps - step) * batch * context) / tokensPerSecond);
  return `Step ${step} of ${steps}, loss ${loss.toFixed(3)}, ${Math.round(tokensPerSecond).toLocaleString("en")} tokens per second, about ${seconds} seconds left.`;
}

function hashList(
  make: ReturnType<typeof elementMaker>,
  hashes: Readonly<Record<string, string>>,
): HTMLElement {
  const items = Object.entries(hashes).flatMap(([name, hash]) => [
    make("dt", {}, name),
    make("dd", {}, make("code", {}, hash)),
  ]);
  return make("dl", {class: "hashes"}, ...items);
}
