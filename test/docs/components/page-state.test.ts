import {expect, it, vi} from "vitest";
import {pageState} from "../../../docs/components/page-state.js";
import {page} from "./page.js";

const choices = {
  stage: {values: ["initial", "trained"], initial: "initial"},
  layer: {values: ["block 1 qkv", "head"], initial: "head"},
};
const stateAt = (url: string) => {
  const {window} = page({url});
  return {state: pageState(choices, window), window};
};

it("pageState(choices) begins with what the address asks for, and ignores what is not allowed", () => {
  expect(stateAt("https://example.org/").state.get()).toEqual({stage: "initial", layer: "head"});
  const {state} = stateAt("https://example.org/?layer=block+1+qkv&stage=nonsense&utm=1");
  expect(state.get()).toEqual({stage: "initial", layer: "block 1 qkv"});
});

it("set(changes) writes only values that differ from the initial ones, and a reload reads the same state", () => {
  const {state, window} = stateAt("https://example.org/page?utm=1#spread");
  state.set({stage: "trained", layer: "block 1 qkv"});
  expect(window.location.href).toBe("https://example.org/page?utm=1&stage=trained&layer=block+1+qkv#spread");
  expect(stateAt(window.location.href).state.get()).toEqual(state.get());
  state.set({layer: "head"});
  expect(window.location.search).toBe("?utm=1&stage=trained");
  expect(window.history.length).toBe(1);
});

it("set(changes) ignores values that are not allowed", () => {
  const {state, window} = stateAt("https://example.org/");
  state.set({stage: "later"});
  expect(state.get().stage).toBe("initial");
  expect(window.location.search).toBe("");
});

it("reset() brings back the plain address", () => {
  const {state, window} = stateAt("https://example.org/?stage=trained");
  state.reset();
  expect(state.get().stage).toBe("initial");
  expect(window.location.href).toBe("https://example.org/");
});

it("subscribe(listener) calls at once and after every change, until it is ended", () => {
  const {state} = stateAt("https://example.org/");
  const seen: string[] = [];
  const end = state.subscribe(({stage}) => seen.push(stage));
  state.set({stage: "trained"});
  state.set({stage: "trained"});
  end();
  state.reset();
  expect(seen).toEqual(["initial", "trained"]);
});

it("subscribe(listener, names) calls only for changes of the named choices", () => {
  const {state} = stateAt("https://example.org/");
  const seen: string[] = [];
  state.subscribe(({layer}) => seen.push(layer), ["layer"]);
  state.set({stage: "trained"});
  state.set({layer: "block 1 qkv"});
  expect(seen).toEqual(["head", "block 1 qkv"]);
});

it("pageState(choices) takes values that are not listed where the choice accepts them", () => {
  const free = {
    value: {values: [], initial: "0.1", accepts: (value: string) => Number.isFinite(Number(value))},
    versus: {values: ["none"], initial: "none", accepts: (value: string) => value.startsWith("e")},
  };
  const {window} = page({url: "https://example.org/?value=ten&versus=e5m6"});
  const state = pageState(free, window);
  expect(state.get()).toEqual({value: "0.1", versus: "e5m6"});
  state.set({value: "-3e5", versus: "int8"});
  expect(state.get()).toEqual({value: "-3e5", versus: "e5m6"});
  expect(window.location.search).toBe("?value=-3e5&versus=e5m6");
});

it("pageState(choices) is not confused by parameters that are called like parts of every object", () => {
  const {state} = stateAt("https://example.org/?constructor=1&__proto__=2&toString=3&stage=trained");
  expect(state.get()).toEqual({stage: "trained", layer: "head"});
});

it("set(changes) writes the address later where the browser refuses to write it so often", () => {
  vi.useFakeTimers();
  const {window} = page({url: "https://example.org/"});
  let isRefusing = true;
  const history = {
    replaceState(data: unknown, unused: string, url: string) {
      if (isRefusing) throw new Error("more than 100 times in 30 seconds");
      window.history.replaceState(data, unused, url);
    },
  };
  const state = pageState(choices, {location: window.location, history});
  const seen: string[] = [];
  state.subscribe(({stage}) => seen.push(stage));
  state.set({stage: "trained"});
  expect(seen).toEqual(["initial", "trained"]);
  vi.advanceTimersByTime(1500);
  isRefusing = false;
  vi.advanceTimersByTime(1500);
  expect(window.location.search).toBe("?stage=trained");
  vi.useRealTimers();
});

it("set(changes) writes a burst of addresses at intervals that no browser refuses, the last one among them", () => {
  vi.useFakeTimers();
  const {window} = page({url: "https://example.org/"});
  let writes = 0;
  const history = {
    replaceState(data: unknown, unused: string, url: string) {
      writes++;
      window.history.replaceState(data, unused, url);
    },
  };
  const free = {value: {values: [], initial: "0", accepts: () => true}};
  const state = pageState(free, {location: window.location, history});
  for (let frame = 1; frame <= 600; frame++) {
    state.set({value: String(frame)});
    vi.advanceTimersByTime(1000 / 60);
  }
  expect(writes).toBeLessThan(180);
  vi.advanceTimersByTime(200);
  expect(window.location.search).toBe("?value=600");
  vi.useRealTimers();
});
