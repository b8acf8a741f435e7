import {Writable} from "node:stream";
import {expect, it} from "vitest";
import {duration, progressDisplay} from "../../src/cli/progress-display.js";
import type {RunningRun, SweepProgress} from "../../src/sweeps/run-progress.js";

function recorder({isTTY = false} = {}) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return {written, stream: Object.assign(stream, {isTTY}) as unknown as NodeJS.WriteStream};
}

const run: RunningRun = {
  ...{id: "a", label: "", worker: "worker 1", step: 30, steps: 120, loss: 2.5},
  ...{seconds: 10, quietSeconds: 0},
};
const progress = (changes: Partial<SweepProgress> = {}): SweepProgress => ({
  ...{total: 1, stored: 0, finished: 0, failed: 0, waiting: 0, running: [run], share: 0.25, secondsLeft: 90},
  ...changes,
});

it("progressDisplay() writes share, step, loss and time left, at most once in ten seconds without a terminal", () => {
  const {written, stream} = recorder();
  const display = progressDisplay({stream});
  display.onProgress(progress());
  display.onProgress(progress());
  display.finish();
  expect(written).toEqual(["25 %  step 30 of 120, loss 2.500, 1 min 30 s left\n"]);
});

it("progressDisplay() counts the runs that had to be computed", () => {
  const {written, stream} = recorder();
  progressDisplay({stream}).onProgress(progress({total: 5, stored: 2, finished: 1, failed: 1}));
  expect(written[0]).toContain("1 of 3 runs, 1 failed, step 30");
});

it("progressDisplay() says nothing when every run comes from the store", () => {
  const {written, stream} = recorder();
  progressDisplay({stream}).onProgress(progress({stored: 1, running: []}));
  expect(written).toEqual([]);
});

it("progressDisplay() says how much of a corpus has come, also when its size is not known", () => {
  const {written, stream} = recorder();
  progressDisplay({stream}).onDownload({name: "shakespeare", received: 500_000, total: undefined});
  expect(written).toEqual(["downloading shakespeare: 0.5 MB\n"]);
});

it("duration(seconds) is rounded up and has at most two units", () => {
  expect([0.2, 59.5, 200, 7500].map(duration)).toEqual(["1 s", "1 min 0 s", "3 min 20 s", "2 h 5 min"]);
});
