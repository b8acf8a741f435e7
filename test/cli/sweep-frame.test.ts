import fc from "fast-check";
import {expect, it} from "vitest";
import {sweepFrame} from "../../src/cli/sweep-frame.js";
import type {RunningRun, SweepProgress} from "../../src/sweeps/run-progress.js";

const run: RunningRun = {
  ...{id: "3c45986bc3b65cb2e93d", label: "scheme=unit width=64", worker: "worker 1"},
  ...{step: 30, steps: 120, loss: 2.5, seconds: 12, quietSeconds: 0.1},
};
const progress = (running: readonly RunningRun[]): SweepProgress => ({
  ...{total: 9, stored: 2, finished: 3, failed: 1, waiting: 1, running, share: 0.5, secondsLeft: 90},
});
const wide = {columns: 100, rows: 24};

it("sweepFrame(progress) has a bar with counts and the time left, and a row for each running run", () => {
  const waiting = {...run, id: "fdd36407384f8df9629c", step: 0, loss: null, label: ""};
  expect(sweepFrame(progress([run, waiting]), wide)).toEqual([
    "━━━━━━━━━━──────────  50 %  3 of 7 runs, 1 failed, 1 min 30 s left",
    "run         step   loss  time  settings",
    "3c45986b  30/120  2.500  12 s  scheme=unit width=64",
    "fdd36407   0/120         12 s  worker 1",
  ]);
});

it("sweepFrame(progress) points out a run that is not heard of for a minute", () => {
  const lines = sweepFrame(
    progress([
      {...run, quietSeconds: 59},
      {...run, quietSeconds: 125},
    ]),
    wide,
  );
  expect(lines[2]).not.toContain("no progress");
  expect(lines[3]).toContain("no progress for 2 min 5 s  scheme=unit");
});

it("sweepFrame(progress) fits into any terminal", () => {
  const terminals = fc.record({columns: fc.integer({min: 1, max: 200}), rows: fc.integer({min: 1, max: 60})});
  fc.assert(
    fc.property(terminals, fc.integer({min: 0, max: 70}), (size, count) => {
      const lines = sweepFrame(progress(Array<RunningRun>(count).fill(run)), size);
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, size.rows - 1));
      for (const line of lines) expect(line.length).toBeLessThan(Math.max(2, size.columns));
    }),
  );
});

it("sweepFrame(progress) says how many rows there is no place for", () => {
  const lines = sweepFrame(progress(Array<RunningRun>(10).fill(run)), {columns: 80, rows: 8});
  expect(lines).toHaveLength(7);
  expect(lines.at(-1)).toBe("and 6 more");
});
