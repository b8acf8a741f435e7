import {expect, it, vi} from "vitest";
import {hashVerdict} from "../../../docs/components/hash-verdict.js";
import {runInTab, type TrainingWorker} from "../../../docs/components/run-in-tab.js";
import {lossCurve, type RepeatableRun} from "../../../docs/components/tab-run.js";
import type {RunReport} from "../../../src/training/browser-worker.js";
import {page} from "./page.js";

const trainingLoss = Array.from({length: 100}, (_, i) => 3 - i / 100);

const recorded = {
  id: "0123456789abcdef",
  engine: "engine",
  settings: {scheme: "unit", recipe: "fp8", steps: 100, batch: 8, context: 32},
  parameters: 61_000,
  weightHash: "aaaa",
  curve: lossCurve(trainingLoss),
  corpus: {kind: "markov", name: "markov"},
} as unknown as RepeatableRun;

function setUp() {
  const {document} = page();
  const worker = {
    postMessage: vi.fn(),
    terminate: vi.fn(),
    onmessage: null,
    onerror: null,
  } as unknown as TrainingWorker;
  const startWorker = vi.fn(() => worker);
  const figure = runInTab(recorded, {startWorker, document});
  document.body.append(figure);
  const send = (data: RunReport) =>
    (worker.onmessage as (event: MessageEvent<RunReport>) => void)({data} as MessageEvent<RunReport>);
  const button = figure.querySelector("button")!;
  return {figure, worker, startWorker, send, button};
}

/** A quarter of the steps: 6,400 tokens in five seconds. */
const news: RunReport = {
  ...{type: "news", step: 25, losses: Array(25).fill(2.5), heldOutLoss: [], probes: []},
  ...{seconds: 5, isPaused: false},
};

const done = (weightHash: string, engine = "engine"): RunReport =>
  ({
    type: "done",
    record: {
      weightHash,
      engine,
      tokens: 25_600,
      trainingLoss,
      timing: {seconds: 2, tokensPerSecond: 12_800},
    },
  }) as unknown as RunReport;

it("runInTab(recorded) starts nothing before its button is pressed, then sends settings and corpus", () => {
  const {figure, worker, startWorker, button} = setUp();
  expect(startWorker).not.toHaveBeenCalled();
  expect(figure.textContent).toContain("61,000 parameters, 100 steps, 25,600 tokens");
  button.click();
  expect(worker.postMessage).toHaveBeenCalledWith({
    type: "start",
    settings: recorded.settings,
    corpus: recorded.corpus,
  });
  expect(button.textContent).toBe("Cancel");
});

it("runInTab(recorded) shows the progress and the time left", () => {
  const {figure, send, button} = setUp();
  button.click();
  send(news);
  expect(figure.querySelector("progress")!.value).toBe(25);
  expect(figure.textContent).toContain(
    "Step 25 of 100, loss 2.500, 1,280 tokens per second, about 15 seconds left",
  );
});

it("runInTab(recorded) says that the weights agree, with both hashes", () => {
  const {figure, worker, send, button} = setUp();
  button.click();
  send(done("aaaa"));
  const verdict = figure.querySelector<HTMLElement>("[role=status]")!;
  expect(verdict.dataset.agrees).toBe("true");
  expect(verdict.textContent).toContain("The weights agree");
  expect([...verdict.querySelectorAll("code")].map((code) => code.textContent)).toEqual(["aaaa", "aaaa"]);
  expect(worker.terminate).toHaveBeenCalled();
  expect(button.textContent).toBe("Train in this tab");
});

it("runInTab(recorded) says that the weights differ, and can be run again", () => {
  const {figure, startWorker, send, button} = setUp();
  button.click();
  send(done("bbbb"));
  const verdict = figure.querySelector<HTMLElement>("[role=status]")!;
  expect(verdict.dataset.agrees).toBe("false");
  expect([...verdict.querySelectorAll("code")].map((code) => code.textContent)).toEqual(["bbbb", "aaaa"]);
  button.click();
  expect(verdict.textContent).toBe("");
  expect(startWorker).toHaveBeenCalledTimes(2);
});

it("runInTab(recorded) can be cancelled, and reports an error of the worker", () => {
  const {figure, worker, send, button} = setUp();
  button.click();
  send(news);
  button.click();
  expect(worker.terminate).toHaveBeenCalledOnce();
  expect(figure.textContent).toContain("Cancelled after 25 of 100 steps.");
  button.click();
  send({type: "error", message: "no memory"});
  expect(figure.textContent).toContain("The run failed: no memory");
});

it("hashVerdict(recorded, live) tells a defect from another version of the engine", () => {
  const run = (weightHash: string, engine: string) => ({weightHash, engine});
  expect(hashVerdict(run("a", "1"), run("a", "1")).agrees).toBe(true);
  expect(hashVerdict(run("a", "1"), run("b", "1")).text).toContain("this is a defect");
  expect(hashVerdict(run("a", "1"), run("b", "2")).text).toContain("another version of the engine");
});
