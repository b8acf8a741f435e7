import {expect, test} from "vitest";
import {parseFormat} from "../../src/formats/parse.js";
import {type Policy, saturating} from "../../src/formats/policy.js";
import {presetFormat, presetRounding, presets} from "../../src/formats/preset.js";
import {parseRounding} from "../../src/formats/rounding.js";
import {digest, libraryDigests, libraryInputs, ourCasts} from "./library-casts.js";

test.each(libraryDigests("ml_dtypes"))("%s is cast as by ml_dtypes", (name, expected) => {
  const preset = presets.ml_dtypes;
  const format = presetFormat(preset, name);
  const rules = {policy: preset.policy, rounding: presetRounding(preset, format)};
  expect(digest(ourCasts(format, rules))).toBe(expected);
});

test("every format, rounding and saturation of gfloat gives the same values", () => {
  const saturate: Policy = {...saturating(presets.ocp.policy), nanReplacement: "nan-anyway", overrides: {}};
  const overflow: Policy = {...saturate, finiteOverflow: "by-rounding", infiniteInput: "infinity"};
  const differing = libraryDigests("gfloat").filter(([key, expected]) => {
    const [name, rounding, saturation] = key.split(" ");
    const format = parseFormat(name);
    const policy = saturation === "saturate" ? saturate : overflow;
    const isUnsigned = format.kind === "float" && !format.signed;
    const count = isUnsigned ? libraryInputs.length / 2 : libraryInputs.length;
    return digest(ourCasts(format, {policy, rounding: parseRounding(rounding), bits: 5}, count)) !== expected;
  });
  expect(differing.map(([key]) => key)).toEqual([]);
});
