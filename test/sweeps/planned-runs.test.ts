import fc from "fast-check";
import {expect, it} from "vitest";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {runId} from "../../src/training/run-id.js";
import {sampleSettings} from "./sample.js";

it("plannedRuns(settings, engine) gives each run the id of its record", () => {
  const changes = fc.record({
    seed: fc.nat(),
    learningRate: fc.double({min: 1e-9, max: 1, noNaN: true}),
    layerRecipes: fc.string({unit: "binary"}),
  });
  fc.assert(
    fc.property(changes, fc.string(), (change, engine) => {
      const settings = {...sampleSettings(), ...change};
      expect(plannedRuns([settings], engine)).toEqual([{id: runId(settings, engine), settings, label: ""}]);
    }),
  );
});

it("plannedRuns(settings, engine) has equal runs once, and labels that tell the others apart", () => {
  const [one, two] = [sampleSettings({seed: 1}), sampleSettings({seed: 2})];
  const runs = plannedRuns([one, two, {...one}], "engine");
  expect(runs.map(({label}) => label)).toEqual(["seed=1", "seed=2"]);
  expect(plannedRuns([], "engine")).toEqual([]);
});
