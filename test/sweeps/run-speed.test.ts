import {expect, it} from "vitest";
import {runCost} from "../../src/sweeps/run-cost.js";
import {runSpeed} from "../../src/sweeps/run-speed.js";
import {type RunSummary, summarize} from "../../src/sweeps/run-summary.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const vocabularyOf = () => 27;
/** A finished run that did so many operations a second. */
function finished(changes: Partial<RunSettings>, rate: number): RunSummary {
  const settings = sampleSettings(changes);
  const {parameters, operations} = runCost(settings, 27);
  const summary = summarize(sampleRecord(settings, "engine"), null);
  return {...summary, parameters, seconds: operations / rate};
}
const rateOf = (runs: readonly RunSummary[], changes: Partial<RunSettings>) => {
  const settings = sampleSettings(changes);
  const {parameters} = runCost(settings, 27);
  return runSpeed(runs, "engine", vocabularyOf).rate(settings, parameters);
};

const wide = [1, 2, 3].map((seed) => finished({width: 128, seed}, seed * 1e9));
const narrow = [1, 2, 3].map((seed) => finished({width: 16, heads: 2, seed}, seed * 1e8));

it("runSpeed(finished) takes the median of the runs that differ in seed and learning rate alone", () => {
  expect(rateOf([...wide, ...narrow], {width: 128, seed: 9, learningRate: 0.5})).toBeCloseTo(2e9);
  expect(rateOf([...wide, ...narrow], {width: 16, heads: 2, seed: 9})).toBeCloseTo(2e8);
  expect(runSpeed(wide, "engine", vocabularyOf).source).toBe("by 3 finished runs of this engine");
});

it("runSpeed(finished) goes from the most similar run to other sizes by a table, which grows with them", () => {
  const rate = rateOf([...wide, ...narrow], {width: 192});
  expect(rate).toBeGreaterThan(2e9);
  expect(rate).toBeLessThan(3e9);
});

it("runSpeed(finished) takes the table where little is finished, by another engine, or to no end", () => {
  const table = "by a table for one core of a server";
  expect(runSpeed(wide.slice(0, 2), "engine", vocabularyOf).source).toBe(table);
  expect(runSpeed(wide, "another", vocabularyOf).source).toBe(table);
  const diverged = wide.map((run) => ({...run, diverged: {step: 3, reason: "no number"}}));
  expect(runSpeed(diverged, "engine", vocabularyOf).source).toBe(table);
  expect(rateOf([], {width: 8, heads: 2, layers: 1})).toBe(6e9);
  expect(rateOf([], {width: 1024, layers: 12})).toBe(19.5e9);
});
