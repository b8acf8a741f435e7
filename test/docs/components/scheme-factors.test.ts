import {expect, it} from "vitest";
import {schemeFactors} from "../../../docs/components/scheme-factors.js";
import {settingsParser} from "../../../src/training/run-settings-schema.js";

const parse = settingsParser({
  ...{schemes: ["standard", "unit"], recipes: ["fp32"], corpusChecksum: () => ""},
});
const shape = {layers: 4, width: 64, heads: 4, context: 32, batch: 8};
const factors = (scheme: string, sequenceLayer = "attention") =>
  schemeFactors(parse({scheme, ...shape, sequenceLayer}), 27);

it("schemeFactors(settings) gives the products of unit scaling the factors of the page's formulas", () => {
  const find = (op: string) => factors("unit").find((row) => row.op.startsWith(op))!;
  const up = find("mlp up");
  expect(up.op).toBe("mlp up, 64 → 256");
  expect(up.output).toBeCloseTo((64 * 256) ** -0.25, 12);
  expect(up.inputGradient).toBe(up.output);
  expect(up.weightGradient).toBeCloseTo((8 * 32) ** -0.5, 12);
  expect(find("head").output).toBeCloseTo(64 ** -0.5, 12);
  expect(find("head").inputGradient).toBeCloseTo(27 ** -0.5, 12);
  const [skip, branch] = [find("residual, skip").output, find("residual, branch").output];
  expect(skip ** 2 + branch ** 2).toBeCloseTo(1, 12);
});

it("schemeFactors(settings) leaves the products of the standard scheme alone", () => {
  for (const {op, output} of factors("standard")) expect([op, output]).toEqual([op, 1]);
});

it("schemeFactors(settings) has the products of the sequence layer that the settings name", () => {
  const ops = (sequenceLayer: string) => factors("unit", sequenceLayer).map(({op}) => op);
  expect(ops("convolution").slice(0, 2)).toEqual(["convolution, 56 → 56", "GELU"]);
  expect(ops("recurrent").slice(0, 3)).toEqual([
    "recurrent input, 128 → 128",
    "recurrent state, 128 → 128",
    "recurrent",
  ]);
});
