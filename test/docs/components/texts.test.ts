import fc from "fast-check";
import {expect, it} from "vitest";
import {embedCode} from "../../../docs/components/embed-code.js";
import {formatRange} from "../../../docs/components/format-range.js";
import {percentage} from "../../../docs/components/percentage.js";
import {powerLabel} from "../../../docs/components/power-label.js";
import {toCsv} from "../../../docs/components/to-csv.js";
import {typeset} from "../../../docs/components/typeset.js";
import {page} from "./page.js";

it("percentage(share) rounds neither something to nothing nor nearly everything to everything", () => {
  expect([0, 0.0001, 0.0123, 0.5, 0.994, 0.9999, 1].map(percentage)).toEqual([
    "0%",
    "<0.1%",
    "1.2%",
    "50%",
    "99.4%",
    ">99.9%",
    "100%",
  ]);
});

it("powerLabel(exponent) writes powers of two with superscripts", () => {
  expect([-12, 0, 5.6].map((exponent) => powerLabel(exponent))).toEqual(["2⁻¹²", "2⁰", "2⁶"]);
});

it("typeset(text) turns superscript characters into exponents and keeps the rest", () => {
  const {document} = page();
  const span = typeset("from 2⁻¹⁶ to 2⁰.", {document});
  expect(span.innerHTML).toBe("from 2<sup>−16</sup> to 2<sup>0</sup>.");
});

it("formatRange(name) gives the limits of OCP FP8 and of half precision", () => {
  expect(formatRange("e4m3fn")).toMatchObject({
    label: "E4M3",
    smallest: -9,
    smallestNormal: -6,
    largest: Math.log2(448),
  });
  expect(formatRange("e5m2")).toMatchObject({
    label: "E5M2",
    smallest: -16,
    smallestNormal: -14,
    largest: Math.log2(57344),
  });
  expect(formatRange("fp16")).toMatchObject({
    label: "FP16",
    smallest: -24,
    smallestNormal: -14,
    largest: Math.log2(65504),
  });
});

it("toCsv(rows, columns) can be read back, whatever the texts contain", () => {
  const text = fc.string({unit: fc.constantFrom("a", '"', ",", "\r", "\n", " ")});
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), {minLength: 1}), (rows) => {
      const columns = [0, 1].map((i) => ({name: `column ${i}`, value: (row: [string, string]) => row[i]}));
      expect(parseCsv(toCsv(rows, columns))).toEqual([["column 0", "column 1"], ...rows]);
    }),
  );
});

it("toCsv(rows, columns) writes numbers in full and null as nothing", () => {
  const columns = [{name: "loss", value: (row: number | null) => row, format: () => "rounded"}];
  expect(toCsv([1 / 3, null], columns)).toBe("loss\r\n0.3333333333333333\r\n\r\n");
});

it("embedCode(site, …) names absolute addresses, and only attributes that differ from the first view", () => {
  const plain = embedCode("https://example.org/bitscape/", {stage: "initial", recipe: "fp32"});
  expect(plain.module).toContain('src="https://example.org/bitscape/embed/variance.js"');
  expect(plain.module).toContain("<bitscape-variance></bitscape-variance>");
  expect(plain.picture).toContain("https://example.org/bitscape/charts/variance-dark.svg");
  const other = embedCode("https://example.org/", {stage: "trained", recipe: "fp8"});
  expect(other.module).toContain('<bitscape-variance stage="trained" recipe="fp8">');
});

/** RFC 4180, for fields that may be quoted. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const [, field, end] of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)) {
    if (rows.length === 0 || rows.at(-1)!.at(-1) === "\0") rows.push([]);
    const row = rows.at(-1)!;
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === "\r\n") row.push("\0");
  }
  return rows.map((row) => row.slice(0, -1));
}
