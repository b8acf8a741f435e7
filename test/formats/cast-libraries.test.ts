import {expect, test} from "vitest";
import {parseFormat} from "../../src/formats/parse.js";
import type {Policy} from "../../src/formats/policy.js";
import {
  type Preset,
  type PresetName,
  policies,
  presetFormat,
  presetRounding,
  presets,
} from "../../src/formats/preset.js";
import {parseRounding} from "../../src/formats/rounding.js";
import {digest, libraryDigests, libraryInputs, ourCasts} from "./library-casts.js";

/** Of our casts by a preset, with its own rounding where none is named. */
function presetDigest(presetName: PresetName, name: string, rounding?: string): string {
  const preset: Preset = presets[presetName];
  const format = presetFormat(preset, name);
  const mode = rounding === undefined ? presetRounding(preset, format) : parseRounding(rounding);
  return digest(ourCasts(format, {policy: preset.policy, rounding: mode, bits: randomBits(name, mode)}));
}

/** unit-scaling draws as many bits as are dropped from float32. */
function randomBits(name: string, rounding: string): number | undefined {
  return rounding === "stochastic-a" ? 23 - Number(name.split("m")[1]) : undefined;
}

test.each(libraryDigests("ml_dtypes"))("%s is cast as by ml_dtypes", (name, expected) => {
  expect(presetDigest("ml_dtypes", name)).toBe(expected);
});

test.each(libraryDigests("torch"))("%s is cast as by PyTorch", (name, expected) => {
  expect(presetDigest("torch", name)).toBe(expected);
});

test.each(libraryDigests("onnx"))("%s is cast as by ONNX", (key, expected) => {
  const [name, presetName] = key.split(" ");
  const preset: Preset = presets[presetName as PresetName];
  const format = presetFormat(preset, name);
  const casts = ourCasts(format, {policy: preset.policy, rounding: presetRounding(preset, format)});
  // For infinity and for subnormals of float32 its tables differ from its code, and were left out.
  const isLeftOut = (x: number) => !Number.isFinite(x) || (x !== 0 && Math.abs(x) < 2 ** -126);
  expect(
    digest(
      name === "float8e8m0" ? casts.map((y, i) => (isLeftOut(libraryInputs[i]) ? Number.NaN : y)) : casts,
    ),
  ).toBe(expected);
});

test.each(libraryDigests("transformer_engine"))("%s is cast as by TransformerEngine", (name, expected) => {
  expect(presetDigest("transformer-engine", name)).toBe(expected);
});

test.each(libraryDigests("unit_scaling"))("%s is cast as by unit-scaling", (key, expected) => {
  const [name, rounding] = key.split(" ");
  expect(presetDigest("unit-scaling", name, rounding)).toBe(expected);
});

test.each(libraryDigests("chop"))("%s is cast as by chop", (key, expected) => {
  const [name, rounding] = key.split(" ");
  expect(presetDigest("chop", name, rounding)).toBe(expected);
});

test.each(libraryDigests("microxcaling"))("%s is cast as by microxcaling", (key, expected) => {
  const [name, rounding, subnormals] = key.split(" ");
  const preset: Preset = presets.microxcaling;
  const subnormalOutput = subnormals === "flush" ? "flush-before" : "keep";
  const policy: Policy = {...preset.policy, subnormalOutput};
  const casts = ourCasts(presetFormat(preset, name), {policy, rounding: parseRounding(rounding)});
  expect(digest(casts)).toBe(expected);
});

test("every format, rounding and saturation of gfloat gives the same values", () => {
  const differing = libraryDigests("gfloat").filter(([key, expected]) => {
    const [name, rounding, saturation] = key.split(" ");
    const format = parseFormat(name);
    const policy = policies[saturation === "saturate" ? "gfloat-saturate" : "gfloat"];
    const isUnsigned = format.kind === "float" && !format.signed;
    const count = isUnsigned ? libraryInputs.length / 2 : libraryInputs.length;
    return digest(ourCasts(format, {policy, rounding: parseRounding(rounding), bits: 5}, count)) !== expected;
  });
  expect(differing.map(([key]) => key)).toEqual([]);
});
