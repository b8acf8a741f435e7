import {expect, it} from "vitest";
import {binadesOf, sharedCount} from "../../../docs/components/binades.js";
import {lineValues} from "../../../docs/components/line-values.js";
import {catalogue} from "../../../src/formats/catalogue.js";
import {codeBits, valueTable} from "../../../src/formats/decode.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {binaryExponent} from "../../../src/formats/power-of-two.js";

const listed = catalogue.filter((format) => codeBits(format) <= 16);
const positives = (values: Iterable<number>) => [...values].filter((x) => x > 0 && Number.isFinite(x));

it("binadesOf(format) counts every positive value of every format of up to 16 bits", () => {
  for (const format of listed) {
    const counts = new Map<number, number>();
    for (const x of positives(valueTable(format))) {
      counts.set(binaryExponent(x), (counts.get(binaryExponent(x)) ?? 0) + 1);
    }
    const expected = [...counts].sort(([a], [b]) => a - b);
    const binades = binadesOf(format).map(({exponent, count}) => [exponent, count]);
    expect(binades, format.name).toEqual(expected);
  }
});

it("binadesOf(fp64) reaches from the smallest subnormal value to the largest", () => {
  const binades = binadesOf(parseFormat("fp64"));
  expect(binades[0]).toMatchObject({exponent: -1074, count: 1, spacing: -1074, isSubnormal: true});
  expect(binades.at(-1)).toMatchObject({exponent: 1023, count: 2 ** 52, spacing: 971, isSubnormal: false});
});

it.each([
  ["fp16", "bf16"],
  ["e4m3fn", "e5m2"],
  ["e4m3fn", "int8"],
  ["tf32", "tf32"],
  ["e8m0", "e2m1"],
  ["uint16", "fp16"],
])("sharedCount counts the positive values that %s and %s share", (one, other) => {
  const formats = [one, other].map(parseFormat);
  const [a, b] = formats.map(binadesOf);
  if (one === other) return expect(sharedCount(a, b)).toBe(a.reduce((sum, {count}) => sum + count, 0));
  const [values, others] = formats.map((format) => new Set(positives(valueTable(format))));
  expect(sharedCount(a, b)).toBe([...values].filter((x) => others.has(x)).length);
  expect(sharedCount(b, a)).toBe(sharedCount(a, b));
});

it("lineValues(formats) has every finite value once, ascending, and knows which are shared", () => {
  const rows = lineValues([parseFormat("e4m3fn"), parseFormat("e5m2")]);
  const first = rows.filter(({format}) => format === "e4m3fn");
  expect(first).toHaveLength(253);
  expect(first.every(({value}, i) => i === 0 || value > first[i - 1].value)).toBe(true);
  const others = new Set(valueTable(parseFormat("e5m2")));
  expect(first.every(({value, isShared}) => isShared === others.has(value))).toBe(true);
  expect(rows.filter(({format}) => format === "e5m2")).toHaveLength(247);
  expect(lineValues([parseFormat("e4m3fn")]).some(({isShared}) => isShared)).toBe(false);
});
