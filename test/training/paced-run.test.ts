import {describe, expect, it, vi} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {loadCorpus} from "../../src/training/corpora/load-corpus.js";
import {type PacedRun, pacedRun, type RunNews} from "../../src/training/paced-run.js";
import {createRun} from "../../src/training/run.js";
import type {RunRecord} from "../../src/training/run-record.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {trainRun} from "../../src/training/train-run.js";

const settings = settingsParser(settingsChoices())({
  ...{layers: 1, width: 16, heads: 2, context: 8, batch: 2, steps: 6},
  ...{evaluateEvery: 3, evaluationBatches: 1, probeEvery: 4},
});

/** A run that works only when told to, one slice after the other; `now` decides how many steps make a slice. */
async function setUp(now: () => number = () => 0) {
  const kernels = await createKernels();
  const corpus = await loadCorpus(settings, {kernels});
  const news: RunNews[] = [];
  const records: RunRecord[] = [];
  const onError = vi.fn();
  const waiting: (() => void)[] = [];
  const run: PacedRun = pacedRun(createRun(settings, kernels, corpus), {
    onNews: (message) => news.push(message),
    onDone: (record) => records.push(record),
    onError,
    defer: (callback) => waiting.push(callback),
    now,
  });
  const work = () => {
    while (waiting.length > 0) waiting.shift()!();
  };
  return {run, news, records, waiting, work, onError, kernels, corpus};
}

describe("pacedRun(run)", () => {
  it("does nothing until it is told to go, and then all steps, with the weights of an ordinary run", async () => {
    const {run, news, records, work, kernels, corpus} = await setUp();
    work();
    expect(news).toEqual([]);
    run.go();
    work();
    const expected = await trainRun(settings, kernels, corpus);
    expect(records).toHaveLength(1);
    expect(records[0].weightHash).toBe(expected.weightHash);
    expect(news.flatMap(({losses}) => losses)).toEqual(expected.trainingLoss);
    expect(news.flatMap(({heldOutLoss}) => heldOutLoss)).toEqual(expected.heldOutLoss);
    expect([...new Set(news.flatMap(({probes}) => probes.map(({step}) => step)))]).toEqual([0, 4]);
    expect(news[0].probes[0]).not.toHaveProperty("histogram");
  });

  it("goes as many steps as it is allowed, and on from there", async () => {
    const {run, news, records, work} = await setUp();
    run.go(1);
    work();
    expect(news.at(-1)).toMatchObject({step: 1, isPaused: true});
    run.go(2);
    run.go(1);
    work();
    expect(news.at(-1)).toMatchObject({step: 4, isPaused: true});
    expect(records).toEqual([]);
    run.go(100);
    work();
    expect(records[0].trainingLoss).toHaveLength(6);
  });

  it("rests between slices when it is paused, and loses nothing", async () => {
    let time = 0;
    const {run, news, waiting, work, records} = await setUp(() => (time += 30));
    run.go();
    waiting.shift()!();
    expect(news.at(-1)).toMatchObject({step: 1, isPaused: false});
    run.pause();
    work();
    expect(news.at(-1)).toMatchObject({step: 1, isPaused: true});
    run.go();
    work();
    expect(news.flatMap(({losses}) => losses)).toEqual(records[0].trainingLoss);
  });

  it("tells errors instead of throwing them", async () => {
    const onError = vi.fn();
    const broken = {isFinished: false, diverged: null, step: () => expect.fail("broken")} as never;
    const run = pacedRun(broken, {
      ...{onNews: () => {}, onDone: () => {}, onError},
      defer: (callback) => callback(),
    });
    run.go();
    expect(onError).toHaveBeenCalledOnce();
  });
});
