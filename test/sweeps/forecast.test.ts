import {expect, it} from "vitest";
import {forecast, type RunState} from "../../src/sweeps/forecast.js";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {workerBytes} from "../../src/sweeps/run-memory.js";
import {type RunSummary, summarize} from "../../src/sweeps/run-summary.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const settings = [1, 2, 3, 4].map((seed) =>
  sampleSettings({seed, steps: 20 * seed, heads: 2, width: 16 * seed}),
);
const runs = plannedRuns(settings, "engine");
const states: RunState[] = ["finished", "published", "failed", "missing"];
const stateOf = ({id}: {id: string}) => states[runs.findIndex((run) => run.id === id)];
const done: RunSummary = summarize(sampleRecord(settings[0], "engine"), null);
const finished = new Map([[runs[0].id, {...done, seconds: 12}]]);

it("forecast(runs) tells what is there, what is left, and how long that takes", () => {
  const found = forecast(runs, {stateOf, finished, engine: "engine", workers: 2, largestRunBytes: 1000});
  expect(found.runs.map(({state}) => state)).toEqual(states);
  expect(found.counts).toEqual({finished: 1, published: 1, failed: 1, missing: 1});
  expect(found.runs[0].seconds).toBe(12);
  const [, ...left] = found.runs;
  expect(found.operations.left).toBe(left.reduce((sum, {operations}) => sum + operations, 0));
  expect(found.operations.all).toBe(found.operations.left + found.runs[0].operations);
  expect(found.coreSeconds).toBeCloseTo(left.reduce((sum, {seconds}) => sum + seconds, 0));
  // The last run is more than half of the work: no number of workers is faster.
  expect(found.seconds).toBe(left[2].seconds);
  expect(found.memory).toEqual({run: 1000, all: 2 * (1000 + workerBytes)});
});

it("forecast(runs) of what is all finished has no work left", () => {
  const all = new Map(runs.map(({id}) => [id, done]));
  const found = forecast(runs, {
    stateOf: () => "finished",
    finished: all,
    engine: "e",
    workers: 2,
    largestRunBytes: 1000,
  });
  expect(found).toMatchObject({coreSeconds: 0, seconds: 0, memory: {all: 0}});
  expect(found.operations.left).toBe(0);
});
