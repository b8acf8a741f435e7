import {expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import type {FloatFormat} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";
import {magnitudeBeyond, type Policy, rulesFor, saturating} from "../../src/formats/policy.js";
import {parsePolicy, policies} from "../../src/formats/preset.js";
import {parseRounding} from "../../src/formats/rounding.js";

const beyond = (name: string, choice: "infinity" | "nan" | "largest") =>
  magnitudeBeyond(parseFormat(name) as FloatFormat, choice);

test("what the format lacks is replaced in the order infinity, NaN, largest", () => {
  expect(beyond("e5m2", "infinity")).toBe(Number.POSITIVE_INFINITY);
  expect(beyond("e4m3fn", "infinity")).toBeNaN();
  expect(beyond("e2m1", "infinity")).toBe(6);
  expect(beyond("e5m2", "nan")).toBeNaN();
  expect(beyond("e2m1", "nan")).toBe(6);
  expect(beyond("e5m2", "largest")).toBe(57344);
});

test("saturating changes nothing but what lies beyond the largest value", () => {
  const saturation = {finiteOverflow: "largest", infiniteInput: "largest", integerOverflow: "saturate"};
  for (const policy of Object.values(policies)) {
    for (const format of catalogue) {
      expect(rulesFor(format, saturating(policy))).toEqual({...rulesFor(format, policy), ...saturation});
    }
  }
});

test("rules for one format are those of its kind, then of its specials, then of its name", () => {
  const policy: Policy = {
    ...policies.default,
    overrides: {
      float: {negativeZero: "drop"},
      fn: {nanReplacement: "zero"},
      e4m3fn: {negativeZero: "drop-input"},
    },
  };
  const rules = (name: string) => rulesFor(parseFormat(name), policy);
  expect(rules("e4m3fn")).toMatchObject({negativeZero: "drop-input", nanReplacement: "zero"});
  expect(rules("e5m2")).toMatchObject({negativeZero: "drop", nanReplacement: "opposite-zero"});
  expect(rules("int8")).toMatchObject({negativeZero: "keep"});
});

test("names are found in any case, others are refused with what is known", () => {
  expect(parsePolicy("OCP-saturate")).toBe(policies["ocp-saturate"]);
  expect(() => parsePolicy("ocp-saturated")).toThrow(
    'unknown policy "ocp-saturated": did you mean ocp-saturate? known: default, ml_dtypes, ocp, ocp-saturate',
  );
  expect(parseRounding("Nearest-Even")).toBe("nearest-even");
  expect(() => parseRounding("nearest")).toThrow(
    'unknown rounding "nearest": known: nearest-even, nearest-away',
  );
});
