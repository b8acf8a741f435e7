import {binaryExponent, powerOfTwo} from "../formats/power-of-two.js";

const none = "-";

/** A number to about five digits, powers of two by their exponent; `-` for null. */
export function shortNumber(x: number | null): string {
  if (x === null) return none;
  if (isShort(x)) return decimal(x);
  return isPowerOfTwo(x) ? `2^${binaryExponent(x)}` : x.toPrecision(5).replace(/\.?0+(?=e|$)/, "");
}

/** The exact value: a short decimal, or an odd integer times a power of two; `-` for null. */
export function exactNumber(x: number | null): string {
  if (x === null) return none;
  if (isShort(x)) return decimal(x);
  let exponent = Math.max(binaryExponent(x) - 52, -1074);
  let integer = x / powerOfTwo(exponent);
  while (integer % 2 === 0) {
    integer /= 2;
    exponent += 1;
  }
  return Math.abs(integer) === 1 ? `${x < 0 ? "-" : ""}2^${exponent}` : `${integer}·2^${exponent}`;
}

/** A number as JSON has it; infinities, NaN and -0 as strings. */
export const jsonNumber = (x: number): number | string =>
  Number.isFinite(x) && !Object.is(x, -0) ? x : exactNumber(x);

/** `1 run` or `3 runs` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `532 B`, `1.4 kB` or `23 MB`: two digits or more, in powers of a thousand. */
export function byteText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** @param options.right columns that are aligned to the right */
export function alignColumns(rows: string[][], {right = []}: {right?: readonly number[]} = {}): string {
  const widths = rows[0].map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const decimal = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));
const isShort = (x: number): boolean => !Number.isFinite(x) || /^[\d.]{1,9}$/.test(String(Math.abs(x))); // none with an exponent
const isPowerOfTwo = (x: number): boolean => x === powerOfTwo(binaryExponent(x));
