import {describe, expect, it} from "vitest";
import {pacedDrawing} from "../../../docs/components/paced-drawing.js";

/** A clock that goes on when the test says so, with a frame each 16 milliseconds. */
function testClock() {
  let time = 0;
  let waiting: {readonly due: number; readonly callback: () => void}[] = [];
  const wait = (due: number, callback: () => void) => waiting.push({due, callback});
  return {
    performance: {now: () => time},
    requestAnimationFrame: (callback: () => void) => wait((Math.floor(time / 16) + 1) * 16, callback),
    setTimeout: (callback: () => void, milliseconds = 0) => wait(time + milliseconds, callback),
    /** Time that passes while something is computed. */
    spend(milliseconds: number) {
      time += milliseconds;
    },
    runUntil(end: number) {
      for (;;) {
        const [next, ...others] = waiting.sort((a, b) => a.due - b.due);
        if (!next || next.due > end) break;
        waiting = others;
        time = Math.max(time, next.due);
        next.callback();
      }
      time = Math.max(time, end);
    },
  };
}

/** Drawings of the latest news, each of which takes `cost` milliseconds, and when they were made. */
function setUp(cost: number) {
  const clock = testClock();
  const drawn: {readonly at: number; readonly news: number}[] = [];
  let latest = 0;
  const drawSoon = pacedDrawing(() => {
    drawn.push({at: clock.performance.now(), news: latest});
    clock.spend(cost);
  }, clock);
  const tell = (news: number) => {
    latest = news;
    drawSoon();
  };
  return {clock, drawn, tell};
}

describe("pacedDrawing(draw, clock)", () => {
  it("draws at the next frame, once however often it is called", () => {
    const {clock, drawn, tell} = setUp(1);
    for (let news = 1; news <= 5; news++) tell(news);
    expect(drawn).toEqual([]);
    clock.runUntil(1000);
    expect(drawn).toEqual([{at: 16, news: 5}]);
  });

  it("rests after a drawing as long as it took, and then draws the latest news", () => {
    const {clock, drawn, tell} = setUp(100);
    for (let news = 1; news <= 100; news++) {
      tell(news);
      clock.runUntil(10 * news);
    }
    clock.runUntil(10_000);
    for (const [i, {at}] of drawn.slice(1).entries()) expect(at - drawn[i].at).toBeGreaterThanOrEqual(200);
    expect(drawn.length).toBeGreaterThan(3);
    expect(drawn.at(-1)!.news).toBe(100);
  });

  it("draws the last news, even if nothing comes after them", () => {
    const {clock, drawn, tell} = setUp(100);
    tell(1);
    clock.runUntil(120);
    tell(2);
    clock.runUntil(10_000);
    expect(drawn.map(({news}) => news)).toEqual([1, 2]);
  });

  it("follows every frame where drawings are quick", () => {
    const {clock, drawn, tell} = setUp(2);
    for (let news = 1; news <= 10; news++) {
      tell(news);
      clock.runUntil(16 * news);
    }
    expect(drawn).toHaveLength(10);
  });

  it("goes on after a drawing that failed", () => {
    const clock = testClock();
    let calls = 0;
    const drawSoon = pacedDrawing(() => {
      calls++;
      throw new Error("cannot draw");
    }, clock);
    for (const time of [100, 200]) {
      drawSoon();
      expect(() => clock.runUntil(time)).toThrow("cannot draw");
      clock.runUntil(time);
    }
    expect(calls).toBe(2);
  });
});
