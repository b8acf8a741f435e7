import {expect, it} from "vitest";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {trackProgress} from "../../src/sweeps/run-progress.js";
import {sampleSettings} from "./sample.js";

/** Three runs of which the last takes twice the work of the others, and a clock. */
function tracked({stored = 0} = {}) {
  const settings = [100, 100, 200].map((steps, seed) => sampleSettings({seed, steps}));
  const runs = plannedRuns(settings, "engine");
  const clock = {seconds: 0};
  const tracker = trackProgress(runs, stored, () => clock.seconds * 1000);
  return {tracker, clock, ids: runs.map(({id}) => id)};
}

it("progress() counts runs by what became of them", () => {
  const {tracker, ids} = tracked({stored: 4});
  expect(tracker.progress()).toMatchObject({total: 7, stored: 4, finished: 0, failed: 0, waiting: 3});
  tracker.start(ids[0], "worker 1");
  tracker.start(ids[1], "worker 2");
  tracker.fail(ids[0], true);
  expect(tracker.progress()).toMatchObject({finished: 0, failed: 0, waiting: 2});
  tracker.finish(ids[1]);
  tracker.start(ids[0], "worker 1");
  tracker.fail(ids[0], false);
  expect(tracker.progress()).toMatchObject({finished: 1, failed: 1, waiting: 1, running: []});
});

it("progress() counts a run once that two workers had, also when one of them gave it up", () => {
  const {tracker, ids} = tracked();
  tracker.start(ids[0], "worker 1");
  tracker.fail(ids[0], false);
  tracker.finish(ids[0]);
  tracker.finish(ids[0]);
  tracker.fail(ids[0], false);
  tracker.start(ids[0], "worker 2");
  expect(tracker.progress()).toMatchObject({finished: 1, failed: 0, waiting: 2, running: [], share: 0.25});
});

it("progress() has for each running run how far it is, for how long, and since when it is silent", () => {
  const {tracker, clock, ids} = tracked();
  tracker.start(ids[2], "worker 1");
  clock.seconds = 3;
  tracker.step(ids[2], {step: 50, loss: 2.5});
  clock.seconds = 10;
  expect(tracker.progress().running).toEqual([
    {
      ...{
        id: ids[2],
        label: expect.stringContaining("seed=2"),
        worker: "worker 1",
        step: 50,
        steps: 200,
        loss: 2.5,
      },
      ...{seconds: 10, quietSeconds: 7},
    },
  ]);
});

it("progress() estimates the time left from the work done, in which long runs count for more", () => {
  const {tracker, clock, ids} = tracked();
  expect(tracker.progress()).toMatchObject({share: 0, secondsLeft: null});
  tracker.start(ids[2], "worker 1");
  tracker.step(ids[2], {step: 100, loss: 2.5});
  clock.seconds = 10;
  expect(tracker.progress()).toMatchObject({share: 0.25, secondsLeft: 30});
  tracker.finish(ids[2]);
  tracker.start(ids[0], "worker 1");
  tracker.fail(ids[0], false); // nothing is left to do of it
  expect(tracker.progress()).toMatchObject({share: 0.75, secondsLeft: 5});
});

it("progress() of a sweep with nothing to compute is complete", () => {
  expect(trackProgress([], 5).progress()).toMatchObject({total: 5, stored: 5, share: 1, waiting: 0});
});
