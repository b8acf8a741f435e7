import {EventEmitter} from "node:events";
import {expect, it, vi} from "vitest";
import {stoppable} from "../../src/cli/stop-signals.js";
import type {StopSignals} from "../../src/sweeps/executor.js";

/** Work that goes on until it ends, with signals and a clock of its own. */
function working({graceSeconds = 20} = {}) {
  const signals = new EventEmitter();
  const clock = {milliseconds: 0};
  const notices: string[] = [];
  let stop!: StopSignals;
  let end!: () => void;
  const result = stoppable(
    (given) => {
      stop = given;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    {graceSeconds, onNotice: (line) => notices.push(line), signals, now: () => clock.milliseconds},
  );
  const send = (signal: string, after = 1000) => {
    clock.milliseconds += after;
    signals.emit(signal, signal);
  };
  return {signals, send, notices, result, end, state: () => [stop.drain.aborted, stop.now.aborted]};
}

it("stoppable(work) finishes what is in flight at the first Ctrl-C, and stops at the second", async () => {
  const {send, state, notices, end, result, signals} = working();
  expect(state()).toEqual([false, false]);
  send("SIGINT");
  expect(state()).toEqual([true, false]);
  send("SIGINT");
  expect(state()).toEqual([true, true]);
  expect(notices).toEqual(["finishing the runs in flight; Ctrl-C again stops now", "stopping now"]);
  end();
  await result;
  expect(signals.listenerCount("SIGINT")).toBe(0);
});

it("stoppable(work) takes signals of one moment for one, as npm passes on what its process group received", () => {
  const {send, state} = working();
  send("SIGINT");
  send("SIGINT", 20);
  send("SIGINT", 400);
  expect(state()).toEqual([true, false]);
  send("SIGINT", 600);
  expect(state()).toEqual([true, true]);
});

it("stoppable(work) stops when the grace time after SIGTERM has passed", async () => {
  vi.useFakeTimers();
  try {
    const {send, state, notices} = working({graceSeconds: 5});
    send("SIGTERM");
    vi.advanceTimersByTime(4999);
    expect(state()).toEqual([true, false]);
    vi.advanceTimersByTime(1);
    expect(state()).toEqual([true, true]);
    expect(notices[0]).toBe("asked to end (SIGTERM): finishing the runs in flight for up to 5 s");
    expect(notices[1]).toBe("stopping: 5 s have passed");
  } finally {
    vi.useRealTimers();
  }
});

it("stoppable(work) finishes what is in flight when the terminal is closed, however long that takes", () => {
  const {send, state} = working();
  send("SIGHUP");
  send("SIGHUP");
  expect(state()).toEqual([true, false]);
  send("SIGINT");
  expect(state()).toEqual([true, true]);
});

it("stoppable(work) takes SIGTERM after a closed terminal for a second signal", () => {
  const {send, state} = working();
  send("SIGHUP");
  send("SIGTERM");
  expect(state()).toEqual([true, true]);
});

it("stoppable(work) gives what the work gives, and leaves no listener when it fails", async () => {
  const signals = new EventEmitter();
  const options = {graceSeconds: 1, onNotice: () => {}, signals};
  expect(await stoppable(async () => 5, options)).toBe(5);
  await expect(stoppable(() => Promise.reject(new Error("no")), options)).rejects.toThrow("no");
  expect(signals.eventNames().flatMap((name) => signals.listeners(name))).toEqual([]);
});
