import {Writable} from "node:stream";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {sweepDisplay} from "../../src/cli/sweep-display.js";
import type {RunningRun, SweepProgress} from "../../src/sweeps/run-progress.js";

beforeEach(() => {
  vi.useFakeTimers({toFake: ["setInterval", "clearInterval", "performance"]});
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a stream received since it was asked last. */
function recorder(isTTY: boolean) {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const received = () => {
    const all = text.replaceAll("\x1b", "ESC");
    text = "";
    return all;
  };
  return {
    received,
    stream: Object.assign(stream, {isTTY, columns: 80, rows: 10}) as unknown as NodeJS.WriteStream,
  };
}

const run: RunningRun = {
  ...{id: "3c45986bc3b65cb2e93d", label: "seed=1", worker: "worker 1"},
  ...{step: 30, steps: 120, loss: 2.5, seconds: 12, quietSeconds: 0},
};
const progress = (changes: Partial<SweepProgress> = {}): SweepProgress => ({
  ...{total: 2, stored: 0, finished: 0, failed: 0, waiting: 1, running: [run], share: 0.125, secondsLeft: 90},
  ...changes,
});

it("sweepDisplay() draws a table on a terminal over the last one, with times that go on, and removes it at the end", () => {
  const {stream, received} = recorder(true);
  const display = sweepDisplay({stream});
  display.onProgress(progress());
  vi.advanceTimersByTime(200);
  const first = received();
  expect(first).toMatch(
    /^━━.* 12 % {2}0 of 2 runs, 1 min 30 s left\nrun .*\n3c45986b {2}30\/120 .* 13 s {2}seed=1\n$/,
  );
  vi.advanceTimersByTime(70_000);
  expect(received()).toMatch(
    /ESC\[3A\rESC\[J.*\n.*\n.* 1 min 23 s {2}no progress for 1 min 11 s {2}seed=1\n$/,
  );
  display.finish();
  expect(received()).toBe("ESC[3A\rESC[J");
  vi.advanceTimersByTime(1000);
  expect(received()).toBe("");
});

it("sweepDisplay() writes a notice on a terminal above the table, where it stays", () => {
  const {stream, received} = recorder(true);
  const display = sweepDisplay({stream});
  display.onProgress(progress());
  vi.advanceTimersByTime(200);
  received();
  display.onNotice("the run seed=2 failed: no");
  expect(received()).toMatch(/^ESC\[3A\rESC\[Jthe run seed=2 failed: no\n━━/);
  display.finish();
});

it("sweepDisplay() writes a line every ten seconds without a terminal, and names runs that are silent", () => {
  const {stream, received} = recorder(false);
  const display = sweepDisplay({stream});
  display.onProgress(progress({running: [], waiting: 2, share: 0, secondsLeft: null}));
  expect(received()).toBe("0 %  0 of 2 runs\n");
  display.onProgress(progress());
  expect(received()).toBe("");
  vi.advanceTimersByTime(10_000);
  expect(received()).toBe("12 %  0 of 2 runs, 1 min 30 s left\n");
  vi.advanceTimersByTime(60_000);
  expect(received()).toContain("left; run 3c45986bc3b65cb2e93d: no progress for 1 min 10 s\n");
  display.onNotice("finishing the runs in flight");
  expect(received()).toBe("finishing the runs in flight\n");
  display.finish();
});

it.each([true, false])("sweepDisplay() shows nothing when nothing is computed (terminal: %s)", (isTTY) => {
  const {stream, received} = recorder(isTTY);
  const display = sweepDisplay({stream});
  display.onProgress(progress({stored: 2, running: [], waiting: 0, share: 1}));
  vi.advanceTimersByTime(20_000);
  display.finish();
  expect(received()).toBe("");
});
