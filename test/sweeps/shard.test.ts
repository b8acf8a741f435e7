import fc from "fast-check";
import {expect, it} from "vitest";
import type {PlannedRun} from "../../src/sweeps/executor.js";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {runWork} from "../../src/sweeps/run-work.js";
import {shardOf} from "../../src/sweeps/shard.js";
import {sampleSettings} from "./sample.js";

const runsOf = (steps: readonly number[]): PlannedRun[] =>
  plannedRuns(
    steps.map((steps, seed) => sampleSettings({seed, steps})),
    "engine",
  );

const shards = (runs: readonly PlannedRun[], count: number): PlannedRun[][] =>
  Array.from({length: count}, (_, i) => shardOf(runs, {index: i + 1, count}));

const workOf = (runs: readonly PlannedRun[]): number =>
  runs.reduce((sum, {settings}) => sum + runWork(settings), 0);

const sweeps = fc.record({
  steps: fc.array(fc.integer({min: 1, max: 5000}), {maxLength: 30}),
  count: fc.integer({min: 1, max: 12}),
});

it("shardOf(runs, shard) puts every run into exactly one shard, in the order of the sweep", () => {
  fc.assert(
    fc.property(sweeps, ({steps, count}) => {
      const runs = runsOf(steps);
      const parts = shards(runs, count);
      expect(
        parts
          .flat()
          .map(({id}) => id)
          .sort(),
      ).toEqual(runs.map(({id}) => id).sort());
      for (const part of parts) expect(part).toEqual(runs.filter((run) => part.includes(run)));
    }),
    {numRuns: 40},
  );
});

it("shardOf(runs, shard) makes shards whose work differs by no more than one run's", () => {
  fc.assert(
    fc.property(sweeps, ({steps, count}) => {
      const runs = runsOf(steps);
      const work = shards(runs, count).map(workOf);
      const longest = Math.max(0, ...runs.map(({settings}) => runWork(settings)));
      expect(Math.max(...work) - Math.min(...work)).toBeLessThanOrEqual(longest);
    }),
    {numRuns: 40},
  );
});

it("shardOf(runs, shard) does not depend on the order in which runs are planned", () => {
  fc.assert(
    fc.property(sweeps, ({steps, count}) => {
      const runs = runsOf(steps);
      const ids = (part: readonly PlannedRun[]) => new Set(part.map(({id}) => id));
      expect(shards([...runs].reverse(), count).map(ids)).toEqual(shards(runs, count).map(ids));
    }),
    {numRuns: 40},
  );
});
