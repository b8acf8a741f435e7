import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {labRefusals} from "../../../docs/components/lab-refusals.js";
import type {TrainingWorker} from "../../../docs/components/run-in-tab.js";
import type {RefusalQuestion, RunRefusal} from "../../../src/training/run-refusal.js";
import type {RunSettings} from "../../../src/training/run-settings.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const question = (width: number): RefusalQuestion => ({
  settings: {width} as RunSettings,
  corpus: {kind: "unread", vocabularySize: 27},
});
const refusal: RunRefusal = {key: "width", message: "width: too wide"};

function setUp() {
  const workers: (TrainingWorker & {readonly posted: unknown[]})[] = [];
  const startWorker = () => {
    const posted: unknown[] = [];
    const postMessage = (message: unknown) => posted.push(message);
    const worker = {posted, postMessage, terminate: vi.fn(), onmessage: null, onerror: null};
    workers.push(worker as unknown as (typeof workers)[number]);
    return worker as unknown as TrainingWorker;
  };
  const answer = (answered?: RunRefusal) =>
    (workers.at(-1)!.onmessage as (event: object) => void)({data: {refusal: answered}});
  const clock = globalThis as unknown as Window;
  return {workers, answer, refusals: labRefusals({startWorker, clock})};
}

it("asks one worker after the other question, once nothing changes any more, and then ends it", () => {
  const {workers, answer, refusals} = setUp();
  const listener = vi.fn();
  refusals.subscribe(listener);
  refusals.ask([question(1)]);
  vi.advanceTimersByTime(200);
  refusals.ask([question(12), question(128)]);
  vi.advanceTimersByTime(200);
  expect(workers).toHaveLength(0);
  vi.advanceTimersByTime(200);
  expect(workers.map(({posted}) => posted)).toEqual([[question(12)]]);
  answer(refusal);
  expect(workers[0].posted).toEqual([question(12), question(128)]);
  expect(workers[0].terminate).not.toHaveBeenCalled();
  answer();
  expect(workers[0].terminate).toHaveBeenCalled();
  expect(listener).toHaveBeenCalledTimes(2);
  expect([12, 128, 1].map((width) => refusals.of({width} as RunSettings))).toEqual([
    ...[refusal, undefined, undefined],
  ]);
});

it("asks nothing twice, and leaves a question that no longer matters", () => {
  const {workers, answer, refusals} = setUp();
  refusals.ask([question(1)]);
  vi.runAllTimers();
  refusals.ask([question(2)]);
  expect(workers[0].terminate).toHaveBeenCalled();
  vi.runAllTimers();
  answer();
  refusals.ask([question(2)]);
  vi.runAllTimers();
  expect(workers.map(({posted}) => posted)).toEqual([[question(1)], [question(2)]]);
});

it("leaves it to the run to say what is wrong when the worker cannot", () => {
  const {workers, refusals} = setUp();
  refusals.ask([question(1), question(2)]);
  vi.runAllTimers();
  (workers[0].onerror as () => void)();
  expect(workers[0].terminate).toHaveBeenCalled();
  expect(refusals.of(question(1).settings)).toBeUndefined();
});
