import {expect, it} from "vitest";
import {canonicalJson} from "../../src/training/canonical-json.js";

it("canonicalJson(value) sorts keys at every depth and keeps the order of lists", () => {
  const value = {b: [3, {d: 1, c: null}], a: "x", A: 0.1};
  expect(canonicalJson(value)).toBe('{"A":0.1,"a":"x","b":[3,{"c":null,"d":1}]}');
});
