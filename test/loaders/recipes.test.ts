import {tableFromIPC} from "@uwdata/flechette";
import * as aq from "arquero";
import {expect, it} from "vitest";
import {recipeHealthTable} from "../../loaders/recipe-health-table.js";
import {recipeLossesTable} from "../../loaders/recipe-losses-table.js";
import {recipeRuns} from "../../loaders/recipe-runs.js";
import {arrowFile} from "../../loaders/write-output.js";
import type {CastOutcome, Probe, RunRecord} from "../../src/training/run-record.js";
import {sampleRecord, sampleSettings} from "../sweeps/sample.js";

const cast = (changes: Partial<CastOutcome>): CastOutcome => ({
  product: "forward",
  cast: "e4m3fn",
  signalToNoise: 1000,
  underflow: 0.1,
  overflow: 0,
  codes: null,
  ...changes,
});

const [sample] = sampleRecord().probes;

const probe = (changes: Partial<Probe>): Probe => ({
  ...sample,
  ...{layer: "head", tensor: "activation", casts: [], gradientToNoise: null, updates: null},
  ...changes,
});

/** A run of 25 steps whose loss falls by 0.1 with each. */
function record(settings: Parameters<typeof sampleSettings>[0], changes: Partial<RunRecord> = {}): RunRecord {
  const trainingLoss = Array.from({length: 25}, (_, i) => 3 - i / 10);
  return {...sampleRecord(sampleSettings(settings)), trainingLoss, probes: [], ...changes};
}

it("recipeLossesTable(records) averages ten steps of the runs that were probed", () => {
  const probed = record({recipe: "fp8", probeEvery: 10}, {probes: [probe({step: 0})]});
  const table = recipeLossesTable([probed, record({recipe: "fp8", seed: 2})]);
  expect(table.array("step")).toEqual([10, 20]);
  const [first, second] = table.array("loss") as number[];
  expect(first).toBeCloseTo(3 - 0.45, 12);
  expect(second).toBeCloseTo(2 - 0.45, 12);
});

it("recipeHealthTable(records) lists every tensor's looks, and the worst of its casts", () => {
  const probes = [
    probe({step: 0, spread: 2, casts: [cast({}), cast({signalToNoise: 10, underflow: 0.5, overflow: 0.25})]}),
    probe({step: 0, tensor: "weight gradient", spread: 8, gradientToNoise: 100}),
    probe({step: 10, spread: 4, casts: [cast({})]}),
    probe({step: 10, tensor: "weight gradient", spread: 9, gradientToNoise: Number.POSITIVE_INFINITY}),
  ];
  const rows = recipeHealthTable([record({recipe: "fp8", probeEvery: 10}, {probes})]).objects() as {
    [column: string]: unknown;
  }[];
  const lists = rows.map(({tensor, spread, underflow, overflow, signal}) => ({
    tensor,
    ...Object.fromEntries(
      Object.entries({spread, underflow, overflow, signal}).map(([name, list]) => [
        name,
        [...(list as Float32Array)],
      ]),
    ),
  }));
  expect(lists).toEqual([
    {
      tensor: "activation",
      spread: [2, 4],
      underflow: [0.5, Math.fround(0.1)],
      overflow: [0.25, 0],
      signal: [10, 30],
    },
    {
      tensor: "weight gradient",
      ...{spread: [8, 9], underflow: [Number.NaN, Number.NaN], overflow: [Number.NaN, Number.NaN]},
      signal: [40, Number.POSITIVE_INFINITY],
    },
  ]);
});

it("recipeHealthTable(records) has no signal where a recipe rounds nothing", () => {
  const [row] = recipeHealthTable([record({}, {probes: [probe({step: 0})]})]).objects() as {
    signal: Float32Array;
  }[];
  expect([...row.signal]).toEqual([Number.NaN]);
});

it("recipeHealthTable(records) counts no underflow where all values are zero before the cast", () => {
  const probes = [probe({step: 0, spread: 0, casts: [cast({underflow: 0})]})];
  const [row] = recipeHealthTable([record({}, {probes})]).objects() as {underflow: Float32Array}[];
  expect([...row.underflow]).toEqual([Number.NaN]);
});

it("recipeRuns(records) tell how each run ended, and how often the probed ones were looked at", () => {
  const diverged = {step: 12, reason: "the training loss is not a finite number"};
  const runs = recipeRuns([
    record({recipe: "fp8", seed: 2}),
    record({recipe: "fp8", probeEvery: 10}, {probes: [probe({step: 0})]}),
    record({scheme: "unit"}, {diverged, finalHeldOutLoss: null}),
  ]);
  expect(runs.model).toMatchObject({probeEvery: 10, width: 64, floor: 0.65});
  expect(runs.runs.map(({scheme, recipe, seed, probed}) => ({scheme, recipe, seed, probed}))).toEqual([
    {scheme: "standard", recipe: "fp8", seed: 2, probed: false},
    {scheme: "standard", recipe: "fp8", seed: 1, probed: true},
    {scheme: "unit", recipe: "fp32", seed: 1, probed: false},
  ]);
  expect(runs.runs[2]).toMatchObject({loss: null, diverged});
});

it("arrowFile(table) keeps lists of float32 as they are, NaN included, in four bytes for each number", () => {
  const rows = (length: number) => [
    {name: "a", list: Float32Array.from({length}, (_, i) => i / 3)},
    {name: "b", list: Float32Array.of(Number.NaN)},
  ];
  const back = tableFromIPC(arrowFile(aq.from(rows(3)))).toArray();
  expect(back.map(({list}) => [...list])).toEqual(rows(3).map(({list}) => [...list]));
  const growth = arrowFile(aq.from(rows(1000))).length - arrowFile(aq.from(rows(200))).length;
  expect(growth).toBeLessThan(4 * 800 + 64);
});
