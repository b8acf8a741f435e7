import {describe, expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import {disagreements} from "../../src/formats/disagreements.js";
import {libraryReadings} from "../../src/formats/library-readings.js";
import {parseFormat} from "../../src/formats/parse.js";
import {type Preset, presetFormat, presets} from "../../src/formats/preset.js";

const valuesOf = (x: number, name: string) =>
  Object.fromEntries(libraryReadings(x, name).map(({preset, value}) => [preset, value]));

describe("libraryReadings", () => {
  test("gives every library's own E4M3", () => {
    expect(valuesOf(300, "E4M3")).toMatchObject({
      ml_dtypes: Number.POSITIVE_INFINITY,
      ocp: 288,
      torch: 288,
      "unit-scaling": 240,
      chop: Number.POSITIVE_INFINITY,
    });
    const chop = libraryReadings(300, "e4m3").find(({preset}) => preset === "unit-scaling");
    expect(chop?.reason).toBe("reads e4m3 as e4m3b8none; beyond the largest value 240: the largest value");
    expect(chop?.reference).toContain("unit-scaling, formats.py");
  });

  test("leaves out libraries that do not have the format", () => {
    expect(Object.keys(valuesOf(1, "nf4"))).toEqual(["default"]);
    expect(Object.keys(valuesOf(1, "e2m1"))).not.toContain("torch");
    expect(Object.keys(valuesOf(1, "binary8p4se"))).toContain("p3109-saturate-finite");
  });

  test("has no code for what a library leaves although the format lacks it", () => {
    const readings = libraryReadings(Number.NaN, "e2m1");
    const codes = Object.fromEntries(readings.map(({preset, code}) => [preset, code]));
    expect(codes).toMatchObject({ml_dtypes: 8, onnx: 7, "transformer-engine": 0});
    expect(codes.microxcaling).toBeUndefined();
  });

  test("shows the sign of NaN where it matters", () => {
    const [ours] = libraryReadings(Number.NaN, "e2m1", {isNegativeNan: true});
    expect(ours.value).toBe(0);
  });

  test("names the step that decided", () => {
    const decision = (x: number, name: string) => libraryReadings(x, name)[0].decision;
    expect([Number.NaN, 1 / 0, -0, 500, 0.001, 1, 1.0625, 1.05].map((x) => decision(x, "e4m3fn"))).toEqual([
      ...["nan", "infinity", "zero", "overflow", "subnormal", "exact", "tie", "inexact"],
    ]);
    expect(decision(-1, "ue4m3")).toBe("negative");
    expect(decision(200, "int8")).toBe("overflow");
    expect(decision(0.5, "nf4")).toBe("inexact");
  });

  test("answers for every format of the catalogue and all kinds of values", () => {
    for (const {name} of catalogue) {
      for (const x of [0, -0, 1, -1.1, 1e30, -1e30, 1e-40, 1 / 0, -1 / 0, Number.NaN]) {
        for (const {reason, reference} of libraryReadings(x, name)) {
          expect(reason).not.toBe("");
          expect(reference).not.toBe("");
        }
      }
    }
  });

  test("refuses an unknown name", () => {
    expect(() => libraryReadings(1, "e4m3nf")).toThrow("did you mean e4m3fn?");
  });
});

test("each preset names formats that exist, by their own names", () => {
  for (const preset of Object.values<Preset>(presets)) {
    for (const name of preset.formats ?? []) expect(parseFormat(name).name).toBe(name);
    if (typeof preset.names === "object") {
      for (const name of Object.keys(preset.names)) expect(presetFormat(preset, name)).toBeDefined();
    }
  }
});

test.each(disagreements.filter(({example}) => example).map((row) => [row.question, row] as const))(
  "%s: libraries do disagree",
  (_, {example}) => {
    const {value, format} = example as {value: number; format: string};
    const results = new Set(
      libraryReadings(value, format).map((reading) => String([reading.value, 1 / reading.value])),
    );
    expect(results.size).toBeGreaterThan(1);
  },
);
