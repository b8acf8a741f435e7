import {describe, expect, it} from "vitest";
import {runDifference} from "../../src/sweeps/run-difference.js";
import type {RunRecord} from "../../src/training/run-record.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const record: RunRecord = {...sampleRecord(), postTraining: []};
const withCurve = (trainingLoss: number[]): RunRecord => ({...record, trainingLoss});

describe("runDifference(a, b)", () => {
  it("finds nothing between a run and itself", () => {
    expect(runDifference(record, record)).toMatchObject({
      isSame: true,
      settings: [],
      curves: {steps: 3, parting: null, largest: null},
      ...{casts: [], spreads: [], postTraining: []},
    });
  });

  it("names the settings that differ, and one that a record does not have", () => {
    const {clipNorm: _, ...earlier} = sampleSettings({seed: 2, recipe: "fp8"});
    const other = {...sampleRecord(), settings: earlier as RunRecord["settings"], weightHash: "0".repeat(64)};
    expect(runDifference(record, other)).toMatchObject({
      isSame: false,
      settings: [
        {key: "recipe", a: "fp32", b: "fp8"},
        {key: "clipNorm", a: 0, b: null},
        {key: "seed", a: 1, b: 2},
      ],
    });
  });

  it("finds the step at which the curves part, and the one where they are farthest apart", () => {
    expect(runDifference(withCurve([3, 2, 1, 1]), withCurve([3, 2, 1.5, 1.75, 9])).curves).toEqual({
      steps: 4,
      parting: {step: 3, a: 1, b: 1.5},
      largest: {step: 4, a: 1, b: 1.75},
    });
  });

  it("takes losses as equal that are so in the digits that were kept", () => {
    const [a, b] = [withCurve([1.23456789, Number.NaN]), withCurve([1.234568, Number.NaN])];
    expect(runDifference(a, b).curves.parting).toEqual({step: 1, a: 1.23456789, b: 1.234568});
    expect(runDifference(a, b, {digits: 7}).curves.parting).toBeNull();
  });

  it("lists what casts make of tensors that both runs probed, the largest change of noise first", () => {
    const [probe] = record.probes;
    const cast = probe.casts[0];
    const probed = (changes: object[]): RunRecord => ({
      ...record,
      probes: changes.map((change, step) => ({...probe, step, casts: [{...cast, ...change}]})),
    });
    const [a, b] = [
      probed([{signalToNoise: 100}, {signalToNoise: 100}, {signalToNoise: 100}]),
      probed([{signalToNoise: 200}, {signalToNoise: 20}, {signalToNoise: 100}, {}]),
    ];
    const pairs = runDifference(a, b).casts.map(({step, product, signalToNoise}) => [
      step,
      product,
      signalToNoise,
    ]);
    expect(pairs).toEqual([
      [1, "weight gradient", {a: 100, b: 20}],
      [0, "weight gradient", {a: 100, b: 200}],
    ]);
    const uncast = {...record, probes: [{...probe, casts: []}]};
    expect(runDifference(uncast, a).casts).toMatchObject([{step: 0, signalToNoise: {a: null, b: 100}}]);
  });

  it("sets casts after training side by side by their text", () => {
    const [near, gptq] = ["nearest", "gptq"].map((method) => ({cast: "int4 row", method, heldOutLoss: 2}));
    const [a, b] = [
      {...record, postTraining: [near]},
      {...record, postTraining: [{...near, heldOutLoss: 3}, gptq]},
    ] as RunRecord[];
    expect(runDifference(a, b).postTraining).toEqual([
      {cast: "int4 row", method: "nearest", a: 2, b: 3},
      {cast: "int4 row", method: "gptq", a: null, b: 2},
    ]);
  });
});
