import {afterEach, beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import {createRun, type Run} from "../../src/training/run.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {trainRun} from "../../src/training/train-run.js";

const parse = settingsParser({
  schemes: ["standard", "unit"],
  recipes: ["fp32", "fp8"],
  corpusChecksum: () => "",
});
const small = {layers: 1, width: 16, heads: 2, context: 16, batch: 4, steps: 6, evaluationBatches: 2};
const settings = (changes: Partial<RunSettings> = {}) => parse({...small, scheme: "unit", ...changes});

let kernels: Kernels;
let open: Run[] = [];
beforeAll(async () => {
  kernels = await createKernels();
});
afterEach(() => {
  for (const run of open.reverse()) run.close();
  open = [];
});

const corpus = () => markovCorpus(readDeclarations().get("markov") as MarkovDeclaration, kernels);

function start(changes: Partial<RunSettings> = {}): Run {
  const run = createRun(settings(changes), kernels, corpus());
  open.push(run);
  return run;
}

const finish = (run: Run): Run => {
  while (!run.isFinished) run.step();
  return run;
};

const withoutTiming = ({timing, ...record}: ReturnType<Run["record"]>) => record;

describe("createRun(settings, kernels, corpus)", () => {
  it("gives step by step the record that trainRun gives at once", async () => {
    const changes = {recipe: "fp8", evaluateEvery: 4, probe: true};
    const record = finish(start(changes)).record();
    const atOnce = await trainRun(settings(changes), kernels, corpus());
    expect(withoutTiming(record)).toEqual(withoutTiming(atOnce));
  });

  it("trains alike however often it is looked at and whatever else is computed between its steps", () => {
    const plain = finish(start({recipe: "fp8"})).record();
    const watched = start({recipe: "fp8", probe: true});
    const other = start({seed: 2});
    while (!watched.isFinished) {
      watched.probe();
      watched.evaluate(1);
      watched.step();
      if (!other.isFinished) other.step();
    }
    const {weightHash, trainingLoss, heldOutLoss} = watched.record();
    expect({weightHash, trainingLoss, heldOutLoss}).toEqual({
      weightHash: plain.weightHash,
      trainingLoss: plain.trainingLoss,
      heldOutLoss: plain.heldOutLoss,
    });
  });

  it("evaluates alike whatever was looked at before, also with random bits", () => {
    const [plain, watched] = [1, 2].map(() => start({forwardActivation: "e4m3fn stochastic", probe: true}));
    plain.step();
    watched.step();
    watched.probe();
    expect(watched.evaluate()).toBe(plain.evaluate());
  });

  it("says of each step what the settings ask to know", () => {
    const run = start({evaluateEvery: 4, probeEvery: 3});
    expect(run.stepsDone).toBe(0);
    const results = Array.from({length: 6}, () => run.step());
    expect(results.map(({step}) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(results.map(({loss}) => loss)).toEqual(run.trainingLoss);
    expect(results.map(({heldOutLoss}) => heldOutLoss !== null)).toEqual([
      ...[false, false, false, true, false, true],
    ]);
    const probedSteps = results.map(({probes}) => [...new Set(probes.map(({step}) => step))]);
    expect(probedSteps).toEqual([[0], [], [], [3], [], [6]]);
    expect(results.flatMap(({probes}) => probes)).toEqual(run.probes);
    expect(run.isFinished).toBe(true);
  });

  it("probes on the batch of the next step, which gives the same numbers as in that step", () => {
    const run = start({probe: true});
    const before = run.probe();
    // Only the step has an update.
    expect(run.step().probes.map((probe) => ({...probe, updates: null}))).toEqual(before);
  });

  it("refuses to probe where nothing was allocated for it", () => {
    expect(() => start().probe()).toThrow("the settings of the run ask for no probes");
  });

  it("has a record only when it is finished, and no step after that", () => {
    const run = start();
    run.step();
    expect(() => run.record()).toThrow("the run is not finished: 1 of 6 steps are done");
    finish(run);
    expect(() => run.step()).toThrow("the run is finished");
  });

  it("gives back its memory when it is closed, and when it cannot be made", () => {
    const mark = kernels.mark();
    createRun(settings(), kernels, corpus()).close();
    expect(kernels.mark()).toBe(mark);
    expect(() => createRun(settings({width: 8192, layers: 64}), kernels, corpus())).toThrow("MiB");
    expect(kernels.mark()).toBe(mark);
  });
});
