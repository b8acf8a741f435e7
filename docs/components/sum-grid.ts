import {binaryExponent, powerOfTwo} from "../src/formats/power-of-two.js";
import type {UnitArithmetic} from "../src/kernels/reference/unit-gemm.js";
import {elementMaker} from "./element-maker.js";
import {binaryFraction} from "./exact-decimal.js";
import {numberText} from "./number-text.js";
import {powerLabel} from "./power-label.js";
import type {SumGroup, SumTerm} from "./sum-trace.js";
import {typeset} from "./typeset.js";

/** One bit of a term or sum: what it counts for, as a power of two. */
interface Bit {
  readonly power: number;
  readonly isSet: boolean;
}

/** Powers of two of the first and last column, and of the last bit that is kept. */
interface Columns {
  readonly first: number;
  readonly last: number;
  readonly lastKept: number;
  readonly common: number;
}

/**
 * The terms of one step and their sum, one row each, with bits of equal weight below each other. Everything that any
 * phase shows is there; which of it is seen, and where the bits stand, depends on the attribute `data-phase`.
 */
export function sumGrid(
  group: SumGroup,
  {output}: UnitArithmetic,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const text = (content: string) => typeset(content, {document});
  const columns = columnsOf(group);
  const width = columns.first - columns.last + 1;
  const grid = make("div", {class: "sum-grid"});
  grid.style.setProperty("--columns", String(width));
  grid.style.setProperty("--kept", String(columns.first - columns.lastKept + 1));

  const lane = (
    bits: readonly Bit[],
    {shift = 0, isCut}: {shift?: number; isCut: (bit: Bit) => boolean},
    label: string,
  ) => {
    const cells = bits.map((bit) => {
      const cell = make("span", {class: "sum-bit", "data-bit": bit.isSet ? 1 : 0, "data-cut": isCut(bit)});
      cell.style.gridColumn = String(columns.first - bit.power + 1);
      cell.append(bit.isSet ? "1" : "0");
      return cell;
    });
    const row = make("div", {class: "sum-bits", role: "img", "aria-label": label}, ...cells);
    row.style.setProperty("--shift", String(shift));
    return make("div", {class: "sum-lane"}, row);
  };

  const termRow = (term: SumTerm) => {
    const {factors, value, exponent, integer, lost} = term;
    const kept = integer * group.unit!;
    const name = factors ? factors.map(numberText).join(" × ") : "running sum";
    const bits = bitsOf(value, {
      first: Math.max(exponent, leadingPower(value)),
      last: Math.min(exponent, trailingPower(value)),
    });
    const isLargest = exponent === columns.common;
    return make(
      "div",
      {class: "sum-row", "data-kind": factors ? "product" : "addend"},
      make("span", {class: "sum-name"}, name),
      make("span", {class: "sign"}, value < 0 ? "−" : ""),
      make("span", {class: "sum-exponent", "data-largest": isLargest}, text(powerLabel(exponent))),
      lane(
        bits,
        {shift: columns.common - exponent, isCut: ({power}) => power < columns.lastKept},
        `${value < 0 ? "minus " : ""}${spoken(bits)}${lost === 0 ? "" : `, of which ${numberText(Math.abs(lost))} is cut`}`,
      ),
      make(
        "span",
        {class: "sum-value"},
        make("span", {class: "before-cut"}, numberText(value)),
        make("span", {class: "after-cut"}, numberText(kept)),
        make("span", {class: "after-cut sum-lost"}, lost === 0 ? "" : `lost ${numberText(lost)}`),
      ),
    );
  };

  // The running sum stands first, as it would on paper.
  const terms = [...group.terms].sort((a, b) => Number(Boolean(a.factors)) - Number(Boolean(b.factors)));
  const sum = group.sum * (group.unit ?? 0);
  const lastSignificant = leadingPower(sum) - (output === "fp32" ? 24 : 14) + 1;
  const sumBits = bitsOf(sum, {first: leadingPower(sum), last: columns.lastKept});
  const sumRow = make(
    "div",
    {class: "sum-row", "data-kind": "sum"},
    make("span", {class: "sum-name"}, "sum"),
    make("span", {class: "sign"}, sum < 0 ? "−" : ""),
    make("span", {class: "sum-exponent"}),
    lane(sumBits, {isCut: ({power}) => power < lastSignificant}, spoken(sumBits)),
    make(
      "span",
      {class: "sum-value"},
      make("span", {class: "before-round"}, numberText(sum)),
      make("span", {class: "after-round"}, numberText(group.result)),
      make("span", {class: "after-round sum-lost"}, group.lost === 0 ? "" : `lost ${numberText(group.lost)}`),
    ),
  );

  grid.append(scaleRow(columns, {make, text}), ...terms.map(termRow), sumRow);
  if (group.total !== undefined) grid.append(promotionRow(group, make));
  return grid;
}

/** What the columns count for: the largest exponent, one, and the last bit kept. */
function scaleRow(
  {first, lastKept, common}: Columns,
  {make, text}: {make: ReturnType<typeof elementMaker>; text: (content: string) => Node},
): HTMLElement {
  const marks = [
    {power: common, content: powerLabel(common), kind: "largest"},
    {power: lastKept, content: `${powerLabel(lastKept)} last kept`, kind: "last"},
  ];
  const labels = marks.map(({power, content, kind}) => {
    const label = make("span", {class: "sum-weight", "data-kind": kind}, text(content));
    label.style.gridColumn = String(first - power + 1);
    return label;
  });
  return make(
    "div",
    {class: "sum-row sum-scale", "aria-hidden": "true"},
    make("span", {class: "sum-name"}),
    make("span", {class: "sign"}),
    make("span", {class: "sum-exponent"}),
    make("div", {class: "sum-lane"}, make("div", {class: "sum-bits"}, ...labels)),
    make("span", {class: "sum-value"}),
  );
}

function promotionRow({before, result, total}: SumGroup, make: ReturnType<typeof elementMaker>): HTMLElement {
  const addition = `${numberText(before!)} + ${numberText(result)} = ${numberText(total!)}`;
  return make("p", {class: "sum-promotion"}, make("span", {}, "outside, in fp32: "), addition);
}

function columnsOf({terms, commonExponent, unit, sum}: SumGroup): Columns {
  const common = commonExponent ?? 0;
  const lastKept = unit === null ? common : leadingPower(unit);
  const lowest = terms.map(({value}) => trailingPower(value));
  return {
    common,
    lastKept,
    first: Math.max(common + 1, unit === null ? common : leadingPower(sum * unit)),
    last: Math.min(lastKept, ...lowest),
  };
}

/** The bits of a magnitude from one power of two down to another. */
function bitsOf(value: number, {first, last}: {first: number; last: number}): Bit[] {
  return Array.from({length: Math.max(0, first - last + 1)}, (_, i) => {
    const power = first - i;
    return {power, isSet: Math.floor(Math.abs(value) / powerOfTwo(power)) % 2 === 1};
  });
}

/** Powers of two of the first and the last bit that is set; 0 for 0. */
const leadingPower = (x: number): number => (x === 0 ? 0 : binaryExponent(x));
const trailingPower = (x: number): number => binaryFraction(x).exponent;

const spoken = (bits: readonly Bit[]): string =>
  bits.length === 0
    ? "no bits"
    : `bits ${bits.map(({isSet}) => (isSet ? 1 : 0)).join("")}, from 2 to the ${bits[0].power} to 2 to the ${bits.at(-1)!.power}`;
