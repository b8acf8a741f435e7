import {expect, it} from "vitest";
import {parseFormat} from "../../../src/formats/parse.js";
import {parseUnit} from "../../../src/precision/units/matrix-units.js";
import {
  isPlainProduct,
  parseProductUnit,
  resolveProduct,
  takesElements,
} from "../../../src/precision/units/product-unit.js";

it("parseProductUnit(text) reads a unit and where sums leave it", () => {
  expect(parseProductUnit("fp32")).toEqual({text: "fp32", unit: "fp32", promotion: undefined});
  expect(parseProductUnit(" H100-wgmma  promotion=128 ")).toEqual({
    ...{text: "h100-wgmma promotion=128", unit: parseUnit("h100-wgmma"), promotion: 128},
  });
});

it("only float32 and exact sums take values; all others take elements and scales apart", () => {
  const [isPlain, needsElements] = [isPlainProduct, takesElements].map(
    (test) => (text: string) => test(parseProductUnit(text)),
  );
  expect(["fp32", "fp32 promotion=0", "fp32 promotion=128", "exact", "a100-mma"].map(isPlain)).toEqual([
    ...[true, true, false, false, false],
  ]);
  expect(["fp32", "fp32 promotion=128", "exact", "a100-mma"].map(needsElements)).toEqual([
    ...[false, true, false, true],
  ]);
});

it("resolveProduct(unit, formats) finds the arithmetic for formats, of which e4m3fn is the units' e4m3", () => {
  const formats = {a: parseFormat("e4m3fn"), b: parseFormat("e5m2")};
  expect(resolveProduct(parseProductUnit("h100-wgmma promotion=64"), formats)).toMatchObject({promotion: 64});
  expect(resolveProduct(parseProductUnit("fp32 promotion=64"), formats)).toBeUndefined();
});

it.each([
  ["h100-wgmmma", /^unknown unit "h100-wgmmma": did you mean h100-wgmma\?/],
  ["fp32 promoted", /^unknown word "promoted" after fp32: known is promotion=128$/],
  ["exact promotion=4", /^an exact sum has no promotion$/],
])("parseProductUnit(%o) says what is wrong", (text, message) => {
  expect(() => parseProductUnit(text)).toThrow(message);
});

it("resolveProduct(unit, formats) refuses formats that the unit does not take", () => {
  const e2m1 = parseFormat("e2m1");
  expect(() => resolveProduct(parseProductUnit("h100-wgmma"), {a: e2m1, b: e2m1})).toThrow(
    /^h100-wgmma does not multiply e2m1 by e2m1/,
  );
});
